import type { Audit } from '../audit/audit.ts';
import { type JobRow, typeOf } from './job-row.ts';
import type { RunRow } from './run-row.ts';

/**
 * Tells the audit of what runs by a schedule. Of a run by hand it knows already who asked for it, and what the
 * gateway does itself runs no command of anybody's.
 */
export class AuditedRuns {
  readonly #audit: Pick<Audit, 'begin' | 'end'>;
  readonly #entries = new Map<number, number>();

  constructor(audit: Pick<Audit, 'begin' | 'end'>) {
    this.#audit = audit;
  }

  /** @throws SQLite's error when it can't be written: the run must not begin then */
  begin(job: JobRow, { id, triggered_by }: RunRow): void {
    if (triggered_by === 'manual' || typeOf(job) === 'gateway') return;
    const { id: jobId, bot_id: botId } = job;
    const entry = this.#audit.begin({
      caller: 'gateway:cron',
      operation: 'runCronJob',
      kind: 'runs',
      botId,
      about: { job_id: String(jobId), run_id: String(id) },
    });
    this.#entries.set(id, entry);
  }

  /** It was run; how it went is in the job's history. */
  end(runId: number): void {
    const entry = this.#entries.get(runId);
    if (entry === undefined) return;
    this.#entries.delete(runId);
    this.#audit.end(entry);
  }
}
