import type { AwayRepo } from './repo-list.ts';

/** An open issue as GitHub tells of it. */
export interface OpenIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Logins. */
  readonly assignees: readonly string[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** An open pull request as GitHub tells of it. */
export interface OpenPull {
  readonly title: string;
  readonly body: string;
  readonly headRefName: string;
}

/** What else is known of a repository when its issues are looked at. */
export interface Known {
  /** The owner's login. */
  readonly login: string;
  readonly pulls: readonly OpenPull[];
}

export interface Issue extends OpenIssue {
  readonly repo: AwayRepo;
}

/** The branch that an issue's work is on. */
export const branchOf = (number: number): string => `away/issue-${number}`;

/** May it be worked on? Names of labels and people are the same in capitals and small letters. */
export function isEligible(issue: OpenIssue, repo: AwayRepo, { login, pulls }: Known): boolean {
  const labels = folded(issue.labels);
  const assignees = folded(issue.assignees);
  const isSkipped = folded(repo.skipLabels).some((label) => labels.includes(label));
  const isTaken = repo.labels.length === 0 || folded(repo.labels).some((l) => labels.includes(l));
  const isOthers = assignees.length > 0 && !assignees.includes(login.toLowerCase());
  const isTitled = issue.title.startsWith(repo.titlePrefix ?? '');
  return isTaken && isTitled && !isSkipped && !isOthers && !hasPull(issue, repo, pulls);
}

/** A pull request that names an issue is taken to be for it. */
function hasPull({ number }: OpenIssue, { repo }: AwayRepo, pulls: readonly OpenPull[]): boolean {
  const named = new RegExp(
    `(^|[\\s([,:]|${escaped(repo)})#${number}(?!\\d)|${escaped(repo)}/issues/${number}(?!\\d)|\\bGH-${number}(?!\\d)`,
    'im',
  );
  return pulls.some(
    ({ title, body, headRefName }) =>
      headRefName === branchOf(number) || named.test(title) || named.test(body),
  );
}

/** The most urgent label first, and the newest of equals; of each repository no more than its owner wants. */
export function inOrder(issues: readonly Issue[]): Issue[] {
  return issues
    .map((issue) => ({ issue, rank: rankOf(issue) }))
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        b.issue.createdAt.localeCompare(a.issue.createdAt) ||
        b.issue.number - a.issue.number,
    )
    .map(({ issue }) => issue);
}

/** Its place among the repository's labels of priority, between 0 and 1; 1: it has none. */
function rankOf({ labels, repo }: Issue): number {
  const wanted = folded(repo.priorityLabels);
  const own = folded(labels);
  const place = wanted.findIndex((label) => own.includes(label));
  return place === -1 ? 1 : place / wanted.length;
}

/** No more than `most` in all, and of each repository no more than its owner wants. */
export function firstOf(issues: readonly Issue[], most: number): Issue[] {
  const counts = new Map<string, number>();
  const kept = issues.filter(({ repo }) => {
    const count = (counts.get(repo.repo) ?? 0) + 1;
    counts.set(repo.repo, count);
    return count <= repo.maxIssues;
  });
  return kept.slice(0, most);
}

const folded = (words: readonly string[]): string[] => words.map((word) => word.toLowerCase());

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
