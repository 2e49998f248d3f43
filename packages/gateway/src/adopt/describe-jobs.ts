import { scheduleOfJob } from '../cron/job-schedule.ts';
import { JobsRepo } from '../cron/jobs-repo.ts';
import { takeOverJobs } from '../cron/take-over.ts';
import type { Database } from '../db/database.ts';
import { createLogger } from '../host/logger.ts';

/** A job that came over, and how its times are written now. */
export interface CarriedJob {
  readonly id: number;
  readonly bot_id: string;
  readonly name: string;
  readonly was: string;
  readonly now: string;
  readonly enabled: boolean;
  /** Why it will never run as it is. */
  readonly fault?: string;
}

/** Write the jobs' times as they are written here. */
export function convertJobs(database: Database): CarriedJob[] {
  const repo = new JobsRepo(database);
  const before = repo.unconverted();
  takeOverJobs(database, repo, createLogger('silent'));
  return before.map(({ id, bot_id, name, cron_expression: was, enabled }) => {
    const job = repo.find(id);
    const parsed = job === undefined ? undefined : scheduleOfJob(job);
    const fault =
      parsed?.kind === 'fault'
        ? `its ${parsed.in === 'timezone' ? 'time zone' : 'expression'} ${parsed.message}`
        : undefined;
    return {
      id,
      bot_id,
      name,
      was,
      now: job?.cron_expression ?? was,
      enabled: enabled === 1,
      ...(fault === undefined ? {} : { fault }),
    };
  });
}
