import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, type RunCommand } from '../host/run-command.ts';
import type { AwayIssueRow } from './away-issues-repo.ts';

const timeoutMs = 5 * 60_000;

/** What branches are made and pushed with. */
export interface IssueGitParts {
  /** Where worktrees are made: `{root}/{owner}--{name}/issue-{number}`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunCommand;
}

type Place = Pick<AwayIssueRow, 'repo' | 'number' | 'clone' | 'branch' | 'base'>;

/** No program of the repository's runs when git does: they may have been written by a stranger's wish. */
const withoutPrograms = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'],
  ...['-c', 'protocol.ext.allow=never', '-c', 'submodule.recurse=false'],
];

/**
 * Each issue has a branch, and a worktree of its own: the owner's clone stays as it is. A branch that is there before
 * is never touched, and nothing is forced.
 */
export class IssueGit {
  readonly #parts: IssueGitParts;

  constructor(parts: IssueGitParts) {
    this.#parts = parts;
  }

  directoryOf({ repo, number }: Pick<Place, 'repo' | 'number'>): string {
    return join(this.#parts.root, repo.replace('/', '--'), `issue-${number}`);
  }

  /**
   * Fetch the base, and see that the branch's name is free.
   * @returns the commit to begin with
   * @throws CommandError, also where there is a branch of that name
   */
  async beginning({ repo, clone, branch, base }: Place): Promise<string> {
    await this.#assertIsOf(repo, clone);
    const origin = `refs/remotes/origin/${base}`;
    await this.#git(clone, 'fetch', '--quiet', 'origin', `+refs/heads/${base}:${origin}`);
    const own = await this.#git(clone, 'for-each-ref', `refs/heads/${branch}`);
    if (own.trim() !== '') throw taken(`The clone has a branch ${branch} already.`);
    if ((await this.#pushed(clone, branch)) !== undefined)
      throw taken(`The repository has a branch ${branch} already.`);
    return (await this.#git(clone, 'rev-parse', '--verify', `${origin}^{commit}`)).trim();
  }

  /** Make the branch, which nobody else had, and its worktree; what is there already is ours. @throws CommandError */
  async prepare(issue: Place, from: string): Promise<void> {
    const { clone, branch } = issue;
    const directory = this.directoryOf(issue);
    if (!existsSync(join(clone, '.git'))) throw taken(`There is no clone at ${clone}.`);
    await this.#git(clone, 'worktree', 'prune');
    const known = await this.#git(clone, 'worktree', 'list', '--porcelain');
    const isMade = known.split('\n').includes(`branch refs/heads/${branch}`);
    if (isMade && existsSync(join(directory, '.git'))) return this.#checkOut(directory, from);
    // What a death left half made.
    await rm(directory, { recursive: true, force: true });
    await this.#git(clone, 'worktree', 'prune');
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    const own = await this.#git(clone, 'for-each-ref', `refs/heads/${branch}`);
    if (own.trim() !== '' && !own.startsWith(from))
      throw taken(`The clone's branch ${branch} has work on it: rename it, or remove it.`);
    const what =
      own.trim() === '' ? ['--no-track', '-b', branch, directory, from] : [directory, branch];
    await this.#git(clone, 'worktree', 'add', '--quiet', ...what);
  }

  /** All files as they are now, without those that the repository ignores. @returns the tree; undefined: as the base */
  async snapshot(issue: Place, from: string): Promise<string | undefined> {
    const directory = this.directoryOf(issue);
    await this.#git(directory, 'add', '--all');
    const tree = (await this.#git(directory, 'write-tree')).trim();
    const before = (await this.#git(issue.clone, 'rev-parse', `${from}^{tree}`)).trim();
    return tree === before ? undefined : tree;
  }

  /** @returns the commit, which no branch has yet. @throws CommandError */
  async commit({ clone }: Place, tree: string, from: string, message: string): Promise<string> {
    const words = ['commit-tree', tree, '-p', from, '-m', message];
    return (await this.#git(clone, ...words)).trim();
  }

  /** The branch has the commit from now on. @throws CommandError where somebody else moved it */
  async setBranch({ clone, branch }: Place, from: string, commit: string): Promise<void> {
    const ref = `refs/heads/${branch}`;
    const now = (await this.#git(clone, 'rev-parse', '--verify', ref)).trim();
    if (now !== commit) await this.#git(clone, 'update-ref', ref, commit, from);
  }

  /** Push the branch, which nobody else may have pushed meanwhile. @throws CommandError */
  async push({ clone, branch }: Place, commit: string): Promise<void> {
    const pushed = await this.#pushed(clone, branch);
    if (pushed === commit) return;
    if (pushed !== undefined)
      throw taken(`Somebody else has pushed a branch ${branch}: it is left as it is.`);
    // The branch alone, whatever the owner's settings would have go along with it.
    const alone = ['--no-follow-tags', '--recurse-submodules=no'];
    await this.#git(clone, 'push', '--quiet', ...alone, 'origin', `${commit}:refs/heads/${branch}`);
  }

  /** Remove the worktree; the branch stays. @throws CommandError */
  async putAway(issue: Place): Promise<void> {
    await rm(this.directoryOf(issue), { recursive: true, force: true, maxRetries: 3 });
    if (existsSync(issue.clone)) await this.#git(issue.clone, 'worktree', 'prune');
  }

  /** A death may have left a checkout, or a setup, half done. */
  async #checkOut(directory: string, from: string): Promise<void> {
    await this.#git(directory, 'reset', '--quiet', '--hard', from);
  }

  /** Another repository of the same name may lie where the clone is looked for: nothing is to be pushed there. */
  async #assertIsOf(repo: string, clone: string): Promise<void> {
    const asked = [['--all'], ['--push', '--all']].map((words) =>
      this.#git(clone, 'remote', 'get-url', ...words, 'origin'),
    );
    const addresses = (await Promise.all(asked)).join('').split('\n').filter(Boolean);
    if (!addresses.every((address) => isOf(repo, address)))
      throw taken(`The clone at ${clone} is none of ${repo}: its origin is another repository.`);
  }

  /** Where the branch stands at `origin`; undefined: there is none. */
  async #pushed(clone: string, branch: string): Promise<string | undefined> {
    const listed = await this.#git(clone, 'ls-remote', 'origin', `refs/heads/${branch}`);
    return listed.split(/\s/)[0] || undefined;
  }

  #git(cwd: string, ...words: string[]): Promise<string> {
    const env = { ...this.#parts.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
    const options = { verb: words[0] ?? '', cwd, env, timeoutMs };
    return this.#parts.run('git', [...withoutPrograms, ...words], options);
  }
}

const taken = (message: string): CommandError => new CommandError(message, false);

/** May that address be that repository's? One on this disk has no owner. */
export function isOf(repo: string, address: string): boolean {
  const path = /^(?:[a-z+]+:\/\/[^/]+\/|[^/:]+:)(.*)$/i.exec(address)?.[1];
  if (path === undefined || /^file:/i.test(address)) return true;
  const named = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/i, '');
  return named.toLowerCase() === repo.toLowerCase();
}
