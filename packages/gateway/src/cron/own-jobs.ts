import {
  type CronJobId,
  defaultBotId,
  type GatewayCommand,
  operations,
} from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import type { NewJobInput } from './check-job.ts';

/** A job that the gateway makes for its owner, to be seen and changed like any other. Its schedule follows the configuration. */
export interface OwnJob {
  readonly command: GatewayCommand;
  readonly name: string;
  readonly cron_expression: string;
}

/** Makes jobs of the gateway's own, each once: what the owner has changed stays so, and what they deleted stays away. */
export class OwnJobs {
  readonly #database;
  readonly #isKnown;
  readonly #note;
  readonly #unchanged;
  readonly #logger;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
    this.#isKnown = database
      .prepare<[{ command: GatewayCommand }], number>(
        `SELECT EXISTS (SELECT 1 FROM cron_own_jobs WHERE command = :command)
          OR EXISTS (SELECT 1 FROM cron_jobs WHERE job_type = 'gateway' AND command = :command)`,
      )
      .pluck();
    this.#note = database.prepare<[GatewayCommand, string]>(
      `INSERT INTO cron_own_jobs (command, cron_expression) VALUES (?, ?)
       ON CONFLICT (command) DO UPDATE SET cron_expression = excluded.cron_expression`,
    );
    this.#unchanged = database
      .prepare<[{ command: GatewayCommand; wanted: string }], CronJobId>(
        `SELECT j.id FROM cron_jobs j JOIN cron_own_jobs o ON o.command = j.command
         WHERE j.job_type = 'gateway' AND j.command = :command
           AND j.cron_expression = o.cron_expression AND o.cron_expression <> :wanted`,
      )
      .pluck();
  }

  /**
   * @param create stores a job
   * @param reschedule gives one another time: it has the one that the configuration named before
   */
  make(
    wanted: readonly OwnJob[],
    create: (job: NewJobInput) => CronJobId,
    reschedule: (id: CronJobId, expression: string) => void,
  ): void {
    for (const job of wanted) {
      const { command, cron_expression } = job;
      const id = this.#database
        .transaction(() => {
          const isKnown = this.#isKnown.get({ command }) === 1;
          const old = this.#unchanged.all({ command, wanted: cron_expression });
          this.#note.run(command, cron_expression);
          for (const each of old) reschedule(each, cron_expression);
          return isKnown ? undefined : create(inputOf(job));
        })
        .immediate();
      if (id !== undefined) this.#logger.info({ job: id, command }, 'a job was made');
    }
  }
}

const inputOf = (job: OwnJob): NewJobInput =>
  operations.createCronJob.input.parse({
    ...job,
    job_type: 'gateway',
    bot_id: defaultBotId,
    // Only the present counts; and what can't be reached today may be tomorrow.
    misfire: 'skip',
    disable_after: 0,
    notify: 'failure',
  });
