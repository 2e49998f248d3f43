import { type BotId, type CronJobId, DeliveryId } from '@mini-claude-bot/contract';
import pino from 'pino';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import type { Clock } from '../host/clock.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { CronScheduler } from './cron-scheduler.ts';
import { CronService } from './cron-service.ts';
import { type GatewayActions, GatewayExecutor } from './gateway-executor.ts';
import { IncidentsRepo } from './incidents-repo.ts';
import type { JobFields, JobRow } from './job-row.ts';
import { JobSchedules } from './job-schedule.ts';
import { JobsRepo } from './jobs-repo.ts';
import { Occurrences } from './occurrences.ts';
import { recoverRuns } from './recover-runs.ts';
import { RunEndings } from './run-endings.ts';
import type { RunExecutor, StopReason } from './run-executor.ts';
import { RunOutputs } from './run-outputs.ts';
import type { RunOutcome, RunRow } from './run-row.ts';
import { RunsRepo } from './runs-repo.ts';

const logger = pino({ level: 'silent' });

/** Runs nothing: a test says how and when each run ends. */
export class TestExecutor implements RunExecutor {
  free = true;
  /** In the order in which they were begun. */
  readonly begun: { readonly run: RunRow; readonly job: JobRow }[] = [];
  readonly stopped: { readonly id: number; readonly reason: StopReason }[] = [];
  readonly #onStart: (run: RunRow, job: JobRow) => void;
  readonly #onStop: (runId: number, reason: StopReason) => void;

  constructor(
    onStart: (run: RunRow, job: JobRow) => void,
    onStop: (runId: number, reason: StopReason) => void = () => {},
  ) {
    this.#onStart = onStart;
    this.#onStop = onStop;
  }

  readonly start = (job: JobRow, run: RunRow): void => {
    this.begun.push({ run, job });
    this.#onStart(run, job);
  };

  readonly stop = async (id: number, reason: StopReason): Promise<void> => {
    this.stopped.push({ id, reason });
    this.#onStop(id, reason);
  };
}

export const succeeded: RunOutcome = { state: 'succeeded', result: 'ok' };
export const failed: RunOutcome = { state: 'failed', result: 'no' };

export interface CronHouseOptions {
  readonly clock: Clock;
  readonly path?: string;
  readonly owner?: string;
  readonly longestWaitMs?: number;
  readonly historyKeep?: number;
  /** What becomes of a run that is begun; undefined: it goes on. */
  /** What the gateway does itself; undefined: nothing is really done. */
  readonly actions?: GatewayActions;
  /** Of the repository of runs. */
  readonly onOver?: (runId: number) => void;
  readonly outcome?: (run: RunRow, job: JobRow) => RunOutcome | undefined;
}

/** The whole of the scheduler, on a database of its own, with nothing that really runs. */
export function cronHouse(options: CronHouseOptions) {
  const { clock, outcome = () => succeeded, historyKeep = 1_000_000 } = options;
  const database: Database = openDatabase(options.path ?? ':memory:');
  const jobs = new JobsRepo(database);
  const runs = new RunsRepo(database, options.onOver);
  const incidents = new IncidentsRepo(database);
  const schedules = new JobSchedules();
  const told: string[] = [];
  const teller = {
    enqueue: ({ text }: { readonly text: string }) => {
      told.push(text);
      return DeliveryId.parse('00000000-0000-4000-8000-000000000000');
    },
  };
  const endings = new RunEndings({
    database,
    jobs,
    runs,
    incidents,
    teller,
    clock,
    logger,
    historyKeep,
  });
  const occurrences = new Occurrences({
    database,
    jobs,
    runs,
    incidents,
    schedules,
    logger,
    historyKeep,
  });
  const executor = new TestExecutor((run, job) => {
    const end = outcome(run, job);
    if (end !== undefined) endings.end(run.id, end);
  });
  const { actions } = options;
  const gateway = actions && new GatewayExecutor({ actions, endings, clock, limitMs: 60_000 });
  const executors = { shell: executor, claude: executor, gateway: gateway ?? executor };
  const owner = options.owner ?? 'me';
  const scheduler = new CronScheduler({
    database,
    jobs,
    runs,
    occurrences,
    schedules,
    executors,
    endings,
    clock,
    logger,
    owner,
    longestWaitMs: options.longestWaitMs ?? 15_000,
  });
  endings.onEnd(() => scheduler.wake());
  const service = new CronService({
    database,
    jobs,
    runs,
    incidents,
    occurrences,
    scheduler,
    endings,
    outputs: new RunOutputs((id) => runs.find(id), new KnownSecrets()),
    executors,
    clock,
    deliveryState: () => undefined,
    forget: async () => {},
    messageMax: 1_000,
  });
  const recover = (isGone: (owner: string | null) => boolean): void =>
    recoverRuns(
      { jobs, runs, endings, turnState: () => undefined, owner, nowMs: clock.now(), logger },
      isGone,
    );
  const add = (fields: Partial<JobFields> & { cron_expression: string }): CronJobId => {
    const id = jobs.insert('default' as BotId, { ...plainJob, ...fields }, 'now');
    const job = jobs.find(id);
    if (job !== undefined) occurrences.restart(job, clock.now());
    return id;
  };
  /** What became of a job's occurrences, in their order. */
  const rows = (id: CronJobId): RunRow[] => runs.list(id, undefined, 1_000_000).toReversed();
  return {
    database,
    jobs,
    runs,
    incidents,
    endings,
    executor,
    gateway,
    scheduler,
    service,
    occurrences,
    told,
    recover,
    add,
    rows,
  };
}

export const plainJob: JobFields = {
  name: 'job',
  cron_expression: '* * * * *',
  command: 'true',
  job_type: 'shell',
  enabled: 1,
  timezone: 'UTC',
  starts_at_ms: null,
  ends_at_ms: null,
  jitter_seconds: 0,
  misfire: 'once',
  misfire_grace_seconds: 3600,
  overlap: 'skip',
  retries: 0,
  retry_delay_seconds: 30,
  rerun_after_crash: 0,
  timeout_seconds: null,
  session: 'fresh',
  notify_chat_id: null,
  notify: 'always',
  alert_after: 3,
  disable_after: 0,
};
