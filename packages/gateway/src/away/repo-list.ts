import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BotId, GatewayError } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { expandHome } from '../config/variable-kinds.ts';
import { isMissing } from '../host/is-missing.ts';

// Neither may look like an option to the programs that get it.
const name = z.string().regex(/^(?!-)(?!.*\.\.)[\w./-]+$/, 'must be the name of a branch');
const word = z.string().min(1);
const command = z.string().trim().min(1);

/** What the owner says about the work on a repository's issues. */
const RepoSettings = z.object({
  /** Run in a new worktree before Claude begins, such as `npm ci`: the base's own code alone is there then. */
  setup: command.optional(),
  /** The repository's tests. */
  test: command.optional(),
  /** none: both commands run with all rights of the owner's. */
  sandbox: z.enum(['bubblewrap', 'none']).default('bubblewrap'),
  /** Minutes that Claude may work, and that each of the commands may take. */
  minutes: z.number().min(0.01).max(1440).default(60),
  test_minutes: z.number().min(0.01).max(1440).default(15),
  /** US dollars that Claude may spend on an issue. */
  max_cost_usd: z.number().positive().max(1000).default(5),
});
export type RepoSettings = z.infer<typeof RepoSettings>;

const Entry = z.strictObject({
  ...RepoSettings.shape,
  repo: z
    .string()
    .regex(/^(?![-.])[\w.-]+\/(?![-.]+$)(?!-)[\w.-]+$/, 'must be written as owner/name'),
  /** Only this bot may have its issues worked on; unset: every bot. */
  bot_id: word.optional(),
  path: word.optional(),
  base: name.default('main'),
  label: word.optional(),
  labels: z.array(word).default([]),
  skip_labels: z
    .array(word)
    .default(['blocked', 'on hold', 'wontfix', 'duplicate', 'invalid', 'question', 'needs info']),
  priority_labels: z
    .array(word)
    .default(['p0', 'critical', 'urgent', 'p1', 'priority: high', 'high priority', 'p2']),
  assignee: word.optional(),
  title_prefix: word.optional(),
  max_issues: z.int().min(1).max(100).optional(),
});

/** A repository whose issues are worked on while the owner is away: an entry of the owner's list. */
export interface AwayRepo {
  /** `owner/name`. */
  readonly repo: string;
  readonly botId: string | undefined;
  /** The owner's clone. */
  readonly path: string;
  readonly base: string;
  /** An issue must have one of them; none: any issue will do. */
  readonly labels: readonly string[];
  readonly skipLabels: readonly string[];
  /** The most urgent first. */
  readonly priorityLabels: readonly string[];
  readonly assignee: string | undefined;
  readonly titlePrefix: string | undefined;
  readonly maxIssues: number;
  readonly settings: RepoSettings;
}

/** Settings as a row has them. */
export const readSettings = (text: string): RepoSettings => RepoSettings.parse(JSON.parse(text));

/**
 * The owner's list of repositories for one bot; none where there is no list.
 * @throws GatewayError `configuration_invalid`, with the entry and the field that can't be used
 */
export const readRepoList = async (file: string, botId: BotId): Promise<AwayRepo[]> =>
  (await readWholeList(file)).filter((repo) => repo.botId === undefined || repo.botId === botId);

/** The same for all bots. */
export async function readWholeList(file: string): Promise<AwayRepo[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '[]';
    throw invalid(file, error instanceof Error ? error.message : 'it can not be read');
  });
  const listed = z.array(z.unknown()).safeParse(parseJson(text)).data;
  if (listed === undefined) throw invalid(file, 'it is no JSON list');
  const repos = listed.map((each, n) => entryOf(file, each, n + 1));
  const names = repos.map(({ repo }) => repo.toLowerCase());
  const twice = names.find((each, n) => names.indexOf(each) !== n);
  if (twice !== undefined) throw invalid(file, `${twice} is in it twice`);
  return repos;
}

function entryOf(file: string, value: unknown, n: number): AwayRepo {
  const found = Entry.safeParse(typeof value === 'string' ? { repo: value } : value);
  if (!found.success) {
    const [issue] = found.error.issues;
    const field = issue?.path.join('.') || 'it';
    throw invalid(file, `entry ${n}: ${field}: ${issue?.message ?? 'it can not be used'}`);
  }
  const { repo, bot_id, path, base, label, labels, assignee, ...rest } = found.data;
  const { skip_labels, priority_labels, title_prefix, max_issues, ...settings } = rest;
  return {
    repo,
    botId: bot_id,
    path: expandHome(path ?? join('~', 'Projects', basename(repo))),
    base,
    labels: label === undefined ? labels : [label, ...labels],
    skipLabels: skip_labels,
    priorityLabels: priority_labels,
    assignee,
    titlePrefix: title_prefix,
    maxIssues: max_issues ?? Number.POSITIVE_INFINITY,
    settings,
  };
}

const invalid = (file: string, why: string): GatewayError =>
  new GatewayError(
    'configuration_invalid',
    `The list of repositories, ${file}, can not be used: ${why}. Its owner can correct it.`,
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
