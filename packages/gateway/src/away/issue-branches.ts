import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RunCommand } from '../host/run-command.ts';
import type { AwayIssueRow } from './away-issues-repo.ts';

const timeoutMs = 5 * 60_000;

const PullRequests = z.array(z.object({ url: z.string() }));

/** What branches are made and published with. */
export interface IssueBranchesParts {
  /** Where worktrees are made: `{root}/{owner}--{name}/issue-{number}`. */
  readonly root: string;
  readonly gh: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunCommand;
}

/** Each issue has a branch, and a worktree of its own: the owner's clone stays as it is. */
export class IssueBranches {
  readonly #parts: IssueBranchesParts;

  constructor(parts: IssueBranchesParts) {
    this.#parts = parts;
  }

  directoryOf({ repo, number }: Pick<AwayIssueRow, 'repo' | 'number'>): string {
    return join(this.#parts.root, repo.replace('/', '--'), `issue-${number}`);
  }

  /** Make the worktree; one that is there already is gone on with. @throws CommandError */
  async prepare(issue: AwayIssueRow): Promise<void> {
    const { clone, branch, base } = issue;
    const directory = this.directoryOf(issue);
    if (existsSync(join(directory, '.git'))) return;
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await this.#git(clone, 'worktree', 'prune');
    await this.#git(clone, 'fetch', '--quiet', 'origin', base);
    const known = await this.#git(clone, 'branch', '--list', branch);
    const from =
      known.trim() === ''
        ? ['--no-track', '-b', branch, directory, `origin/${base}`]
        : [directory, branch];
    await this.#git(clone, 'worktree', 'add', '--quiet', ...from);
  }

  /**
   * Push the branch, and open a draft of a pull request, unless there is one already. Nothing is forced, and
   * the base is never pushed to.
   * @returns its address; undefined: there is nothing to publish
   * @throws CommandError
   */
  async publish(issue: AwayIssueRow): Promise<string | undefined> {
    const { repo, number, title, branch, base } = issue;
    const { gh, env, run } = this.#parts;
    const cwd = this.directoryOf(issue);
    const range = `origin/${base}..refs/heads/${branch}`;
    const commits = await this.#git(cwd, 'rev-list', '--count', range);
    if (Number(commits) === 0 || branch === base) return undefined;
    await this.#git(cwd, 'push', '--quiet', '-u', 'origin', `refs/heads/${branch}`);
    const where = [`--repo=${repo}`, `--head=${branch}`];
    const ask = ['pr', 'list', ...where, '--state=open', '--json=url'];
    const found = await run(gh, ask, { cwd, env, timeoutMs });
    const [open] = PullRequests.parse(JSON.parse(found));
    if (open !== undefined) return open.url;
    const words = [`--title=${title} (#${number})`, `--body=Closes #${number}.`];
    const make = ['pr', 'create', '--draft', ...where, `--base=${base}`, ...words];
    return (await run(gh, make, { cwd, env, timeoutMs })).trim().split('\n').at(-1) ?? '';
  }

  /** What is published needs no worktree. One with changes in it stays. */
  async putAway(issue: AwayIssueRow): Promise<void> {
    await this.#git(issue.clone, 'worktree', 'remove', this.directoryOf(issue));
  }

  #git(cwd: string, ...words: string[]): Promise<string> {
    const env = { ...this.#parts.env, GIT_TERMINAL_PROMPT: '0' };
    return this.#parts.run('git', words, { cwd, env, timeoutMs });
  }
}
