import type { ChatFigures, CronFigures, MemoryFigures, Metrics } from '@mini-claude-bot/contract';
import { isoTimeOrNull } from '../cron/iso-time.ts';
import type { Database } from '../db/database.ts';
import { type ClosedDays, type SummaryOptions, summarizeUsage } from './usage/summarize-usage.ts';

/** What the database tells. */
export interface StoredFigures extends Pick<Metrics, 'cron_jobs' | 'memory' | 'chat'> {
  readonly usage: ReturnType<typeof summarizeUsage>;
  readonly transcripts: { readonly files: number; readonly broken_lines: number };
}

/** Counts all there is, in one snapshot. Takes its time: not for a thread that others wait for. */
export const collectStored = (
  database: Database,
  options: SummaryOptions,
  closed?: ClosedDays,
): StoredFigures =>
  database.transaction(() => ({
    cron_jobs: cronFigures(database),
    memory: memoryFigures(database),
    chat: chatFigures(database),
    usage: summarizeUsage(database, options, closed),
    transcripts: transcriptFigures(database),
  }))();

type CronRow = Omit<CronFigures, 'enabled' | 'next_run_at'> & {
  readonly enabled: number;
  readonly due_at_ms: number | null;
};

const cronFigures = (database: Database): CronFigures[] =>
  database
    .prepare<[], CronRow>(`
      SELECT id, name, cron_expression, job_type, enabled, last_run_at,
        nullif(substr(last_result, 1, 200), '') AS last_result_preview, timezone, due_at_ms,
        (SELECT state FROM cron_job_runs WHERE job_id = cron_jobs.id ORDER BY id DESC LIMIT 1) AS last_state
      FROM cron_jobs ORDER BY id`)
    .all()
    .map(({ due_at_ms, ...row }) => ({
      ...row,
      enabled: row.enabled !== 0,
      next_run_at: row.enabled === 0 ? null : isoTimeOrNull(due_at_ms),
    }));

function memoryFigures(database: Database): MemoryFigures {
  const items = database
    .prepare<[], MemoryFigures['items'][number]>(
      'SELECT key, content, category FROM memory ORDER BY category, key, id',
    )
    .all();
  const ends = database
    .prepare<[], Pick<MemoryFigures, 'oldest' | 'newest'>>(
      'SELECT min(created_at) AS oldest, max(created_at) AS newest FROM memory',
    )
    .get();
  const categories = new Map<string, number>();
  for (const { category } of items) categories.set(category, (categories.get(category) ?? 0) + 1);
  return {
    count: items.length,
    categories: Object.fromEntries(categories),
    oldest: ends?.oldest ?? null,
    newest: ends?.newest ?? null,
    items,
  };
}

function chatFigures(database: Database): ChatFigures {
  const count = (sql: string): number => database.prepare<[], number>(sql).pluck().get() ?? 0;
  const time = (order: 'ASC' | 'DESC'): string | null =>
    database
      .prepare<[], string>(`SELECT created_at FROM chat_messages ORDER BY id ${order} LIMIT 1`)
      .pluck()
      .get() ?? null;
  return {
    session_count: count('SELECT count(*) FROM conversations'),
    message_count: count('SELECT sum(message_count) FROM conversations'),
    oldest_message: time('ASC'),
    newest_message: time('DESC'),
  };
}

const transcriptFigures = (database: Database): StoredFigures['transcripts'] =>
  database
    .prepare<[], StoredFigures['transcripts']>(
      'SELECT count(*) AS files, coalesce(sum(broken_lines), 0) AS broken_lines FROM usage_files',
    )
    .get() ?? { files: 0, broken_lines: 0 };
