import type { Database } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import type { JobsRepo } from './jobs-repo.ts';
import { fromApscheduler } from './schedule/from-apscheduler.ts';

/**
 * Write the expressions of jobs that the old system made so that they name the same times here, once. Each
 * job that changes says so, and so does the log.
 */
export function takeOverJobs(database: Database, jobs: JobsRepo, logger: Logger): void {
  database
    .transaction(() => {
      for (const { id, bot_id, cron_expression: old } of jobs.unconverted()) {
        const expression = fromApscheduler(old);
        if (expression === old) {
          jobs.convert(id, old, null);
          continue;
        }
        const note = `Taken over from the old system, where this was written as "${old}".`;
        jobs.convert(id, expression, note);
        logger.info({ job: id, bot_id, old, expression }, 'the times of a job are written anew');
      }
    })
    .immediate();
}
