import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../host/is-missing.ts';
import type { Logger } from '../host/logger.ts';
import type { RunCommand } from '../host/run-command.ts';

/** A repository whose issues are worked on while the owner is away: an entry of the owner's list. */
export interface AwayRepo {
  /** `owner/name`. */
  readonly repo: string;
  readonly label?: string | undefined;
  readonly assignee?: string | undefined;
  readonly title_prefix?: string | undefined;
  /** The owner's clone. */
  readonly path: string;
  readonly base: string;
}

export interface Issue {
  readonly repo: AwayRepo;
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

// Neither may look like an option to the programs that get it.
const name = z.string().regex(/^(?!-)[\w./-]+$/);
const word = z.string().min(1).optional().catch(undefined);
const Entry = z.object({
  repo: z.string().regex(/^(?!-)[\w.-]+\/(?!-)[\w.-]+$/),
  label: word,
  assignee: word,
  title_prefix: word,
  path: word,
  base: name.default('main'),
});

const Listed = z.array(
  z.object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
  }),
);

const timeoutMs = 60_000;
const mostListed = '100';

/** What issues are found with. */
export interface IssueSourceParts {
  /** The owner's list: `[{"repo": "owner/name", "label": …, "path": …, "base": …}]`. */
  readonly file: string;
  /** The GitHub command line, which has the owner's login. */
  readonly gh: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunCommand;
  readonly logger: Logger;
}

/** Open issues of the repositories that the owner has listed. */
export class IssueSource {
  readonly #parts: IssueSourceParts;

  constructor(parts: IssueSourceParts) {
    this.#parts = parts;
  }

  /** None where there is no list. What is no entry is passed over, and the log says so. */
  async repos(): Promise<AwayRepo[]> {
    const { file, logger } = this.#parts;
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '[]';
      throw error;
    });
    const listed = z.array(z.unknown()).safeParse(parseJson(text)).data;
    if (listed === undefined) logger.warn({ file }, 'the list of repositories is no JSON list');
    return (listed ?? []).flatMap((each) => {
      const entry = Entry.safeParse(each).data;
      if (entry === undefined) {
        logger.warn({ file, entry: each }, 'an entry of the list of repositories is passed over');
        return [];
      }
      const path = entry.path ?? join('~', 'Projects', basename(entry.repo));
      return [{ ...entry, path: resolve(path.replace(/^~(?=\/|$)/, homedir())) }];
    });
  }

  /** Open issues that fit the entry. @throws CommandError */
  async issues(repo: AwayRepo): Promise<Issue[]> {
    const { gh, env, run } = this.#parts;
    const gates = [
      ...(repo.label === undefined ? [] : [`--label=${repo.label}`]),
      ...(repo.assignee === undefined ? [] : [`--assignee=${repo.assignee}`]),
    ];
    const words = ['issue', 'list', `--repo=${repo.repo}`, '--state=open', ...gates];
    const fields = ['--json=number,title,body', `--limit=${mostListed}`];
    const output = await run(gh, [...words, ...fields], { env, timeoutMs });
    const prefix = repo.title_prefix ?? '';
    return Listed.parse(JSON.parse(output))
      .filter(({ title }) => title.startsWith(prefix))
      .map(({ number, title, body }) => ({ repo, number, title, body: body ?? '' }));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
