import {
  type CronJobId,
  defaultBotId,
  type GatewayCommand,
  operations,
} from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import type { NewJobInput } from './check-job.ts';

/** A job that the gateway makes for its owner, to be seen and changed like any other. */
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
    this.#note = database.prepare<[GatewayCommand]>(
      'INSERT OR IGNORE INTO cron_own_jobs (command) VALUES (?)',
    );
  }

  /** @param create stores a job */
  make(wanted: readonly OwnJob[], create: (job: NewJobInput) => CronJobId): void {
    for (const job of wanted) {
      const id = this.#database
        .transaction(() => {
          const isKnown = this.#isKnown.get({ command: job.command }) === 1;
          this.#note.run(job.command);
          return isKnown ? undefined : create(inputOf(job));
        })
        .immediate();
      if (id !== undefined) this.#logger.info({ job: id, command: job.command }, 'a job was made');
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
