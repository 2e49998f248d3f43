import { CronJobId, defaultBotId, GatewayError, operations } from '@mini-claude-bot/contract';
import type { CronService } from '../cron/cron-service.ts';
import type { ListedJob } from '../cron/jobs-repo.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import { scheduleOf } from './definitions/definition.ts';
import type { DefinedReport } from './definitions/definitions.ts';

/** A job that follows the file of a report. */
interface JobRow {
  readonly report: string;
  readonly job_id: CronJobId;
  readonly cron_expression: string;
  readonly timezone: string;
  /** 1: it is disabled because its file says so. */
  readonly off: 0 | 1;
}

const owner = { botId: undefined };
/** A machine that was asleep at nine is told at noon, and not the day after. */
const graceSeconds = 6 * 3600;
/** Two turns of the longest, and what follows them. */
const limitSeconds = 3 * 3600;

/**
 * Jobs made of the files of reports. What a file newly says of its times, its job follows; what the owner has changed
 * in the job since stays, and one that they deleted stays away until the file is another.
 */
export class ReportJobs {
  readonly #cron: CronService;
  readonly #logger: Logger;
  readonly #database: Database;
  readonly #all;
  readonly #put;
  readonly #delete;

  constructor(database: Database, cron: CronService, logger: Logger) {
    this.#cron = cron;
    this.#logger = logger;
    this.#database = database;
    this.#all = database.prepare<[], JobRow>('SELECT * FROM report_jobs');
    this.#put = database.prepare<[JobRow]>(`
      INSERT INTO report_jobs (report, job_id, cron_expression, timezone, off)
      VALUES (:report, :job_id, :cron_expression, :timezone, :off)
      ON CONFLICT DO UPDATE SET job_id = :job_id, cron_expression = :cron_expression, timezone = :timezone, off = :off`);
    this.#delete = database.prepare<[string]>('DELETE FROM report_jobs WHERE report = ?');
  }

  /** Whether any report has, or had, a job. */
  get any(): boolean {
    return this.#all.all().length > 0;
  }

  /** The job of a report; undefined: there is none. */
  find(report: string): ListedJob | undefined {
    const row = this.#all.all().find((each) => each.report === report);
    return row && this.#jobOf(row);
  }

  /**
   * Make the jobs follow the files.
   * @param isSent whether there is anybody to send it to
   */
  async follow(
    reports: readonly DefinedReport[],
    isSent: (report: DefinedReport) => boolean,
  ): Promise<void> {
    const rows = new Map(this.#all.all().map((row) => [row.report, row]));
    for (const report of reports) {
      const row = rows.get(report.name);
      rows.delete(report.name);
      // What it should be nobody knows as long as its file has faults.
      if (report.definition !== undefined) this.#followOne(report, isSent(report), row);
    }
    for (const row of rows.values()) await this.#forget(row);
  }

  #followOne(report: DefinedReport, isSent: boolean, row: JobRow | undefined): void {
    const { name, definition } = report;
    if (definition === undefined) return;
    const isWanted = definition.enabled && isSent;
    const times = { cron_expression: scheduleOf(definition), timezone: definition.zone };
    if (row === undefined) {
      if (isWanted) this.#make(name, definition.title, times);
      return;
    }
    const changed =
      row.cron_expression !== times.cron_expression || row.timezone !== times.timezone;
    const job = this.#jobOf(row);
    if (job === undefined) {
      if (isWanted && changed) this.#make(name, definition.title, times);
      return;
    }
    const turned = isWanted ? row.off === 1 : row.off === 0;
    if (!changed && !turned) return;
    this.#database.transaction(() => {
      this.#put.run({ report: name, job_id: job.id, ...times, off: isWanted ? 0 : 1 });
      const change = {
        job_id: job.id,
        ...(changed ? times : {}),
        ...(turned ? { enabled: isWanted } : {}),
      };
      this.#cron.change(operations.updateCronJob.input.parse(change), owner);
    })();
    this.#logger.info({ report: name, job: job.id }, 'the job of a report follows its file');
  }

  #make(report: string, title: string, times: { cron_expression: string; timezone: string }): void {
    this.#database
      .transaction(() => {
        const input = operations.createCronJob.input.parse({
          ...times,
          name: `${title} (${report})`,
          command: `report ${report}`,
          job_type: 'gateway',
          bot_id: defaultBotId,
          misfire: 'once',
          misfire_grace_seconds: graceSeconds,
          retries: 1,
          retry_delay_seconds: 300,
          // It goes on with the report that it began.
          rerun_after_crash: true,
          timeout_seconds: limitSeconds,
          notify: 'failure',
          disable_after: 0,
        });
        const job_id = this.#cron.create(input, owner);
        this.#put.run({ report, job_id, ...times, off: 0 });
        this.#logger.info({ report, job: job_id }, 'a job was made for a report');
      })
      .immediate();
  }

  /** Its file is gone. */
  async #forget(row: JobRow): Promise<void> {
    this.#delete.run(row.report);
    if (this.#jobOf(row) !== undefined) await this.#cron.delete(row.job_id, owner);
    this.#logger.info(
      { report: row.report, job: row.job_id },
      'the job of a report went with its file',
    );
  }

  #jobOf({ job_id, report }: JobRow): ListedJob | undefined {
    try {
      const job = this.#cron.find(CronJobId.parse(job_id), owner);
      // The owner may have made another thing of it.
      return job.job_type === 'gateway' && job.command === `report ${report}` ? job : undefined;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}
