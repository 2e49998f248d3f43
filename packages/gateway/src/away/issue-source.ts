import type { BotId } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { cutText } from '../host/cut-text.ts';
import type { RunCommand } from '../host/run-command.ts';
import { type Issue, isEligible } from './choose-issues.ts';
import { type AwayRepo, readRepoList } from './repo-list.ts';

const Listed = z.array(
  z.object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    createdAt: z.string(),
    labels: z.array(z.object({ name: z.string() })),
    assignees: z.array(z.object({ login: z.string() })),
  }),
);

const Pulls = z.array(
  z.object({ title: z.string(), body: z.string().nullish(), headRefName: z.string() }),
);

const User = z.object({ login: z.string().min(1) });

const timeoutMs = 60_000;
const mostListed = 200;
const longestTitle = 200;
const longestBody = 20_000;

/** What issues are found with. */
export interface IssueSourceParts {
  /** The owner's list. */
  readonly file: string;
  /** The GitHub command line, which has the owner's login. */
  readonly gh: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunCommand;
}

/** Open issues of the repositories that the owner has listed. */
export class IssueSource {
  readonly #parts: IssueSourceParts;

  constructor(parts: IssueSourceParts) {
    this.#parts = parts;
  }

  /** @throws GatewayError `configuration_invalid` */
  repos(botId: BotId): Promise<AwayRepo[]> {
    return readRepoList(this.#parts.file, botId);
  }

  /** Whose login `gh` has. @throws CommandError */
  async login(): Promise<string> {
    return User.parse(JSON.parse(await this.#gh('api', 'user'))).login;
  }

  /** Open issues that may be worked on. @throws CommandError */
  async issues(repo: AwayRepo, login: string): Promise<Issue[]> {
    const where = [`--repo=${repo.repo}`, '--state=open', `--limit=${mostListed}`];
    const assignee = repo.assignee === undefined ? [] : [`--assignee=${repo.assignee}`];
    const [listed, pulls] = await Promise.all([
      this.#gh(
        ...['issue', 'list', ...where, ...assignee],
        '--json=number,title,body,createdAt,labels,assignees',
      ),
      this.#gh('pr', 'list', ...where, '--json=title,body,headRefName'),
    ]);
    const known = {
      login,
      pulls: Pulls.parse(JSON.parse(pulls)).map((pull) => ({ ...pull, body: pull.body ?? '' })),
    };
    return Listed.parse(JSON.parse(listed))
      .map(({ title, body, labels, assignees, ...issue }) => ({
        ...issue,
        repo,
        title: oneLine(title),
        body: cutText(printable(body ?? ''), longestBody),
        labels: labels.map(({ name }) => name),
        assignees: assignees.map(({ login: each }) => each),
      }))
      .filter((issue) => isEligible(issue, repo, known));
  }

  #gh(...words: string[]): Promise<string> {
    const { gh, env, run } = this.#parts;
    return run(gh, words, { env, timeoutMs });
  }
}

/** Nothing that moves the cursor of a terminal, or turns the direction of reading. */
const printable = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');

const oneLine = (text: string): string =>
  cutText(printable(text).replace(/\s+/g, ' ').trim(), longestTitle) || '(no title)';
