import type { BotId, CronJobId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { JobFields, JobRow, NextOccurrence } from './job-row.ts';

/** A job with whether a run of it goes on. */
export type ListedJob = JobRow & { readonly running: 0 | 1 };

const running = `EXISTS (SELECT 1 FROM cron_job_runs r WHERE r.job_id = j.id AND r.state = 'running') AS running`;

const fields = [
  'name',
  'cron_expression',
  'command',
  'job_type',
  'enabled',
  'timezone',
  'starts_at_ms',
  'ends_at_ms',
  'jitter_seconds',
  'misfire',
  'misfire_grace_seconds',
  'overlap',
  'retries',
  'retry_delay_seconds',
  'rerun_after_crash',
  'timeout_seconds',
  'session',
  'notify_chat_id',
  'notify',
  'alert_after',
  'disable_after',
] as const satisfies readonly (keyof JobFields)[];

/** The jobs. */
export class JobsRepo {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #list;
  readonly #enabledIds;
  readonly #due;
  readonly #nextDue;
  readonly #setNext;
  readonly #postpone;
  readonly #clearResult;
  readonly #setEnabled;
  readonly #setNote;
  readonly #begun;
  readonly #ended;
  readonly #forgetFailures;
  readonly #told;
  readonly #delete;
  readonly #unconverted;
  readonly #convert;

  constructor(database: Database) {
    this.#insert = database.prepare<[JobFields & { bot_id: BotId; at: string }]>(`
      INSERT INTO cron_jobs (bot_id, created_at, updated_at, ${fields.join(', ')})
      VALUES (:bot_id, :at, :at, ${fields.map((name) => `:${name}`).join(', ')})`);
    this.#update = database.prepare<[JobFields & { id: CronJobId; at: string }]>(`
      UPDATE cron_jobs SET updated_at = :at, ${fields.map((name) => `${name} = :${name}`).join(', ')}
      WHERE id = :id`);
    this.#find = database.prepare<[CronJobId], ListedJob>(
      `SELECT j.*, ${running} FROM cron_jobs j WHERE id = ?`,
    );
    this.#list = database.prepare<[BotId], ListedJob>(
      `SELECT j.*, ${running} FROM cron_jobs j WHERE bot_id = ? ORDER BY id DESC`,
    );
    this.#enabledIds = database
      .prepare<[], CronJobId>('SELECT id FROM cron_jobs WHERE enabled = 1 ORDER BY id')
      .pluck();
    this.#due = database
      .prepare<[number, number], CronJobId>(
        'SELECT id FROM cron_jobs WHERE enabled = 1 AND due_at_ms <= ? ORDER BY due_at_ms, id LIMIT ?',
      )
      .pluck();
    this.#nextDue = database
      .prepare<[], number | null>('SELECT min(due_at_ms) FROM cron_jobs WHERE enabled = 1')
      .pluck();
    this.#setNext = database.prepare<[{ id: CronJobId; at: number | null; due: number | null }]>(
      'UPDATE cron_jobs SET next_at_ms = :at, due_at_ms = :due WHERE id = :id',
    );
    this.#postpone = database.prepare<[number, CronJobId]>(
      'UPDATE cron_jobs SET due_at_ms = ? WHERE id = ?',
    );
    this.#clearResult = database.prepare<[CronJobId]>(
      'UPDATE cron_jobs SET last_result = NULL WHERE id = ?',
    );
    this.#setEnabled = database.prepare<[{ id: CronJobId; enabled: 0 | 1; at: string }]>(
      'UPDATE cron_jobs SET enabled = :enabled, updated_at = :at WHERE id = :id',
    );
    this.#setNote = database.prepare<[string | null, CronJobId]>(
      'UPDATE cron_jobs SET note = ? WHERE id = ?',
    );
    this.#begun = database.prepare<[string, CronJobId]>(
      'UPDATE cron_jobs SET last_run_at = ? WHERE id = ?',
    );
    this.#ended = database.prepare<[{ id: CronJobId; result: string; failures: number }]>(
      'UPDATE cron_jobs SET last_result = :result, failures_in_a_row = :failures WHERE id = :id',
    );
    this.#forgetFailures = database.prepare<[CronJobId]>(
      'UPDATE cron_jobs SET failures_in_a_row = 0 WHERE id = ?',
    );
    this.#told = database.prepare<[string, CronJobId]>(
      'UPDATE cron_jobs SET told_output = ? WHERE id = ?',
    );
    this.#delete = database.prepare<[CronJobId]>('DELETE FROM cron_jobs WHERE id = ?');
    this.#unconverted = database.prepare<[], JobRow>(
      'SELECT * FROM cron_jobs WHERE unconverted = 1',
    );
    this.#convert = database.prepare<
      [{ id: CronJobId; expression: string; note: string | null }]
    >(`UPDATE cron_jobs SET cron_expression = :expression, note = :note, unconverted = 0
       WHERE id = :id`);
  }

  insert(botId: BotId, job: JobFields, at: string): CronJobId {
    const { lastInsertRowid } = this.#insert.run({ ...job, bot_id: botId, at });
    // SQLite has just made it.
    return Number(lastInsertRowid) as CronJobId;
  }

  update(id: CronJobId, job: JobFields, at: string): void {
    this.#update.run({ ...pick(job), id, at });
  }

  find(id: CronJobId): ListedJob | undefined {
    return this.#find.get(id);
  }

  /** By a number that comes from a name. */
  findNumber(id: number): ListedJob | undefined {
    return this.#find.get(id as CronJobId);
  }

  /** Newest first. */
  list(botId: BotId): ListedJob[] {
    return this.#list.all(botId);
  }

  enabledIds(): CronJobId[] {
    return this.#enabledIds.all();
  }

  /** Those that are due, longest due first. */
  due(nowMs: number, limit: number): CronJobId[] {
    return this.#due.all(nowMs, limit);
  }

  /** When the next job is due; undefined: none is. */
  nextDueMs(): number | undefined {
    return this.#nextDue.get() ?? undefined;
  }

  setNext(id: CronJobId, next: NextOccurrence | undefined): void {
    this.#setNext.run({ id, at: next?.atMs ?? null, due: next?.dueMs ?? null });
  }

  /** It is looked at again at that time. */
  postpone(id: CronJobId, untilMs: number): void {
    this.#postpone.run(untilMs, id);
  }

  /** What it said as a job of another type. */
  clearResult(id: CronJobId): void {
    this.#clearResult.run(id);
  }

  setEnabled(id: CronJobId, enabled: boolean, at: string): void {
    this.#setEnabled.run({ id, enabled: enabled ? 1 : 0, at });
  }

  setNote(id: CronJobId, note: string | null): void {
    this.#setNote.run(note, id);
  }

  noteBegun(id: CronJobId, at: string): void {
    this.#begun.run(at, id);
  }

  noteEnded(id: CronJobId, result: string, failures: number): void {
    this.#ended.run({ id, result, failures });
  }

  /** It has all its tries again. */
  forgetFailures(id: CronJobId): void {
    this.#forgetFailures.run(id);
  }

  noteTold(id: CronJobId, digest: string): void {
    this.#told.run(digest, id);
  }

  /** With its runs and incidents. */
  delete(id: CronJobId): void {
    this.#delete.run(id);
  }

  /** Whose expression is still written as the old system read it. */
  unconverted(): JobRow[] {
    return this.#unconverted.all();
  }

  convert(id: CronJobId, expression: string, note: string | null): void {
    this.#convert.run({ id, expression, note });
  }
}

/** A row has more columns than a statement takes. */
const pick = (job: JobFields): JobFields => {
  const entries = fields.map((name) => [name, job[name]]);
  return Object.fromEntries(entries) as JobFields;
};
