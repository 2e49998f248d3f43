import {
  type BotId,
  type CronJobId,
  type CronJobType,
  type CronRun,
  GatewayError,
  type TurnEvent,
} from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import { checkLength } from '../turns/check-message.ts';
import {
  fieldsOfChange,
  fieldsOfNew,
  type JobChange,
  type NewJobInput,
  timesChange,
} from './check-job.ts';
import type { CronScheduler, Executors } from './cron-scheduler.ts';
import type { IncidentRow, IncidentsRepo } from './incidents-repo.ts';
import { isoTime } from './iso-time.ts';
import { type JobFields, type JobRow, typeOf } from './job-row.ts';
import type { JobsRepo, ListedJob } from './jobs-repo.ts';
import type { Occurrences } from './occurrences.ts';
import type { EndedRun, RunEndings } from './run-endings.ts';
import type { RunOutputs } from './run-outputs.ts';
import type { RunRowWithUsage } from './run-row.ts';
import type { RunsRepo } from './runs-repo.ts';

/** Who acts: within one bot, or for all of them. */
export interface Actor {
  readonly botId: BotId | undefined;
  /** Within one bot, and yet trusted with commands: its shell jobs are theirs too. */
  readonly mayRunCommands?: boolean;
}

/** What jobs are served with. */
export interface CronServiceParts {
  readonly database: Database;
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly incidents: IncidentsRepo;
  readonly occurrences: Occurrences;
  readonly scheduler: CronScheduler;
  readonly endings: RunEndings;
  readonly outputs: RunOutputs;
  readonly executors: Executors;
  readonly clock: Clock;
  /** How far a delivery has come; undefined: there is none. */
  readonly deliveryState: (id: string) => string | undefined;
  /** End the conversations of a job, once nothing of it runs. */
  readonly forget: (job: JobRow) => Promise<void>;
  /** Longest text that Claude is told, in bytes. */
  readonly messageMax: number;
}

/**
 * What can be asked about jobs. A job of another bot is as unknown as one that nobody has; so is a shell job
 * for who may speak for one bot only, and is not trusted with commands: it reaches everything on the machine,
 * whichever bot it is for.
 */
export class CronService {
  readonly #parts: CronServiceParts;
  /** Of which nothing begins any more. */
  readonly #leaving = new Set<CronJobId>();

  constructor(parts: CronServiceParts) {
    this.#parts = parts;
  }

  list(botId: BotId, actor: Actor): ListedJob[] {
    return this.#parts.jobs.list(botId).filter((job) => isSeenBy(job, actor));
  }

  /** @throws GatewayError `not_found` */
  find(id: CronJobId, actor: Actor): ListedJob {
    const job = this.#parts.jobs.find(id);
    if (job === undefined || !isSeenBy(job, actor) || this.#leaving.has(id)) {
      throw new GatewayError('not_found', 'There is no job with this id.');
    }
    return job;
  }

  /** @throws GatewayError `invalid_input`, `forbidden`, `message_too_large` */
  create(input: NewJobInput, actor: Actor): CronJobId {
    refuseShell(input.job_type, actor);
    const { database, jobs, clock } = this.#parts;
    const nowMs = clock.now();
    const fields = fieldsOfNew(input, nowMs);
    this.#checkPrompt(fields);
    const id = database.transaction(() => {
      const made = jobs.insert(input.bot_id, fields, isoTime(nowMs));
      this.#restart(made, nowMs);
      return made;
    })();
    this.#parts.scheduler.wake();
    return id;
  }

  /** @throws GatewayError `not_found`, `invalid_input`, `forbidden`, `message_too_large` */
  change(change: JobChange, actor: Actor): ListedJob {
    const { clock } = this.#parts;
    const job = this.find(change.job_id, actor);
    const nowMs = clock.now();
    const fields = fieldsOfChange(job, change, nowMs);
    refuseShell(fields.job_type, actor);
    if (fields.command !== job.command || fields.job_type !== job.job_type)
      this.#checkPrompt(fields);
    return this.#store(job, fields, nowMs);
  }

  /** @throws GatewayError `not_found` */
  setEnabled(id: CronJobId, enabled: boolean, actor: Actor): ListedJob {
    const job = this.find(id, actor);
    return this.#store(job, { ...job, enabled: enabled ? 1 : 0 }, this.#parts.clock.now());
  }

  /** With its history; what runs of it is ended. @throws GatewayError `not_found` */
  async delete(id: CronJobId, actor: Actor): Promise<void> {
    const { jobs, endings, clock } = this.#parts;
    const job = this.find(id, actor);
    this.#leaving.add(id);
    try {
      if (job.enabled === 1) jobs.setEnabled(id, false, isoTime(clock.now()));
      await this.#stopRuns(id);
      await this.#parts.forget(job);
      const waited = this.#parts.runs.active(id);
      jobs.delete(id);
      for (const run of waited) endings.announce(run.id);
    } finally {
      this.#leaving.delete(id);
    }
  }

  async #stopRuns(id: CronJobId): Promise<void> {
    const { runs, endings, executors } = this.#parts;
    for (const run of runs.active(id)) {
      if (run.state === 'queued') endings.end(run.id, { state: 'stopped', result: deleted });
    }
    await Promise.all(
      runs
        .active(id)
        .flatMap((run) => [
          executors.shell.stop(run.id, 'stopped'),
          executors.claude.stop(run.id, 'stopped'),
          executors.gateway.stop(run.id, 'stopped'),
        ]),
    );
  }

  /**
   * Run a job now.
   * @returns its run, and how to wait for the end of it
   * @throws GatewayError `not_found`, `shutting_down`
   */
  run(id: CronJobId, actor: Actor): { runId: number; ended: () => Promise<EndedRun> } {
    const { runs, clock, scheduler, endings } = this.#parts;
    const job = this.find(id, actor);
    if (scheduler.stopped) throw new GatewayError('shutting_down', 'The gateway is stopping.');
    const nowMs = clock.now();
    const runId = runs.insert({
      jobId: job.id,
      jobType: typeOf(job),
      state: 'queued',
      trigger: 'manual',
      scheduledAtMs: null,
      dueAtMs: nowMs,
      nowMs,
      why: null,
    });
    // Only a second row for one occurrence is refused.
    if (runId === undefined) throw new Error('a run by hand was not stored');
    if (job.overlap === 'replace') scheduler.makeRoomFor(runId, job.id);
    scheduler.wake();
    return { runId, ended: () => endings.wait(runId) };
  }

  /** Newest first. @throws GatewayError `not_found` */
  history(
    id: CronJobId,
    before: number | undefined,
    limit: number,
    actor: Actor,
  ): { row: RunRowWithUsage; delivery: CronRun['delivery'] }[] {
    this.find(id, actor);
    const seen = this.#parts.runs.list(id, before, limit, !seesCommands(actor));
    return seen.map((row) => {
      const state =
        row.delivery_id === null ? undefined : this.#parts.deliveryState(row.delivery_id);
      const delivery =
        row.delivery_id === null || state === undefined ? null : { id: row.delivery_id, state };
      return { row, delivery };
    });
  }

  /** What a run writes, as it comes. @throws GatewayError `not_found` */
  follow(runId: number, actor: Actor): (gone: AbortSignal) => AsyncIterable<TurnEvent> {
    const { runs, jobs, outputs } = this.#parts;
    const run = runs.find(runId);
    const job = run === undefined ? undefined : jobs.find(run.job_id);
    // What it said as a job of another type is not for all who see it now.
    const seen = job !== undefined && isSeenBy(job, actor) && mayHave(run?.job_type ?? '', actor);
    if (run === undefined || !seen)
      throw new GatewayError('not_found', 'There is no run with this id.');
    return (gone) => outputs.follow(runId, gone);
  }

  incidents(
    botId: BotId | undefined,
    open: boolean,
    limit: number,
    actor: Actor = { botId: undefined },
  ): IncidentRow[] {
    return this.#parts.incidents.list(botId, open, limit, !seesCommands(actor));
  }

  /** @throws GatewayError `not_found` */
  acknowledge(id: number, actor: Actor): IncidentRow {
    const { incidents, clock } = this.#parts;
    const found = incidents.find(id);
    if (found === undefined || !isSeenBy(found, actor)) {
      throw new GatewayError('not_found', 'There is no incident with this id.');
    }
    incidents.acknowledge(id, clock.now());
    return incidents.find(id) ?? found;
  }

  #store(job: ListedJob, fields: JobFields, nowMs: number): ListedJob {
    const { database, jobs, incidents, scheduler, endings } = this.#parts;
    const enabled = job.enabled !== 1 && fields.enabled === 1;
    database.transaction(() => {
      jobs.update(job.id, fields, isoTime(nowMs));
      if (fields.job_type !== job.job_type) this.#changeType(job.id, typeOf(fields));
      if (fields.enabled === 0) endings.dropWaiting(job.id);
      if (enabled || timesChange(job, fields)) this.#restart(job.id, nowMs);
      if (!enabled) return;
      // It begins anew: what went wrong before says nothing about it now.
      incidents.resolve(job.id, 'disabled', nowMs);
      jobs.forgetFailures(job.id);
      jobs.setNote(job.id, null);
    })();
    scheduler.wake();
    return jobs.find(job.id) ?? job;
  }

  /** What it said as a job of another type is not for all who see it from now on. */
  #changeType(id: CronJobId, type: CronJobType): void {
    this.#parts.jobs.clearResult(id);
    this.#parts.runs.setType(id, type);
  }

  #checkPrompt({ job_type, command }: JobFields): void {
    if (job_type === 'claude') checkLength(command, this.#parts.messageMax);
  }

  #restart(id: CronJobId, nowMs: number): void {
    const { jobs, occurrences } = this.#parts;
    const job = jobs.find(id);
    if (job !== undefined) occurrences.restart(job, nowMs);
  }
}

const deleted = 'The job was deleted.';

const seesCommands = ({ botId, mayRunCommands = false }: Actor): boolean =>
  botId === undefined || mayRunCommands;

/** What the gateway does itself concerns all bots: it is the owner's, also where commands may be run. */
const mayHave = (jobType: string, actor: Actor): boolean =>
  jobType === 'claude' || (jobType === 'gateway' ? actor.botId === undefined : seesCommands(actor));

const isSeenBy = (
  job: { readonly bot_id: BotId; readonly job_type: string },
  actor: Actor,
): boolean =>
  (actor.botId === undefined || job.bot_id === actor.botId) && mayHave(job.job_type, actor);

function refuseShell(jobType: string, actor: Actor): void {
  if (mayHave(jobType, actor)) return;
  throw new GatewayError(
    'forbidden',
    `Whoever acts for the bot ${actor.botId} alone may not have commands run here: a ${jobType} job could ` +
      'reach all bots. Make a Claude job (`job_type` "claude").',
  );
}
