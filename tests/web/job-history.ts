import { join } from 'node:path';
import Database from 'better-sqlite3';

/** One run of the past. */
export interface PastRun {
  readonly state: 'succeeded' | 'failed' | 'missed';
  /** Before now. */
  readonly minutesAgo: number;
  readonly seconds: number;
  readonly output: string;
}

/** Write runs into a job's history, which the scheduler would have needed days for. */
export function writeHistory(home: string, jobId: number, runs: readonly PastRun[]): void {
  const database = new Database(join(home, 'gateway.db'));
  const add =
    database.prepare(`INSERT INTO cron_job_runs (job_id, job_type, started_at, finished_at,
      success, state, triggered_by, scheduled_at_ms, due_at_ms, attempt, begun_at_ms, ended_at_ms, result, why,
      exit_code, stdout, stderr)
    VALUES (:jobId, 'shell', :at, :at, :success, :state, 'schedule', :ms, :ms, :attempt, :begun, :ended, :output,
      :why, :code, :stdout, :stderr)`);
  database.transaction(() => {
    for (const { state, minutesAgo, seconds, output } of runs) {
      const ms = Date.now() - minutesAgo * 60_000;
      const began = state !== 'missed';
      add.run({
        jobId,
        state,
        ms,
        at: new Date(ms).toISOString(),
        success: state === 'succeeded' ? 1 : 0,
        attempt: began ? 1 : 0,
        begun: began ? ms : null,
        ended: ms + seconds * 1000,
        output,
        why: state === 'missed' ? output : null,
        code: state === 'succeeded' ? 0 : state === 'failed' ? 1 : null,
        stdout: state === 'succeeded' ? output : '',
        stderr: state === 'failed' ? output : '',
      });
    }
  })();
  database.close();
}
