import { z } from 'zod';
import type { RunCommand } from '../host/run-command.ts';
import type { AwayIssueRow } from './away-issues-repo.ts';

const timeoutMs = 2 * 60_000;

const Found = z.array(z.object({ url: z.url(), isCrossRepository: z.boolean() }));
const Address = z.url({ protocol: /^https?$/ });

/** What pull requests are made with. */
export interface PullRequestsParts {
  /** The GitHub command line, which has the owner's login. */
  readonly gh: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunCommand;
}

/** Drafts of pull requests: one for a branch, ever. */
export class PullRequests {
  readonly #parts: PullRequestsParts;

  constructor(parts: PullRequestsParts) {
    this.#parts = parts;
  }

  /**
   * Open a draft, unless the branch had a pull request already, open or closed. One of a fork that calls its branch the
   * same is another's.
   * @returns its address
   * @throws CommandError; ZodError where `gh` answers something else
   */
  async propose(
    { repo, branch, base }: Pick<AwayIssueRow, 'repo' | 'branch' | 'base'>,
    title: string,
    body: string,
  ): Promise<string> {
    const where = [`--repo=${repo}`, `--head=${branch}`];
    const known = await this.#gh(
      ...['pr', 'list', ...where, '--state=all', '--json=url,isCrossRepository'],
    );
    const own = Found.parse(JSON.parse(known)).find(({ isCrossRepository }) => !isCrossRepository);
    if (own !== undefined) return own.url;
    const words = [`--base=${base}`, `--title=${title}`, `--body=${body}`];
    const said = await this.#gh('pr', 'create', '--draft', ...where, ...words);
    return Address.parse(said.trim().split('\n').at(-1)?.trim());
  }

  #gh(...words: string[]): Promise<string> {
    const { gh, env, run } = this.#parts;
    return run(gh, words, { env, timeoutMs });
  }
}
