import type { CronJobId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { isoTime } from './iso-time.ts';
import { type JobRow, jobTypes, typeOf } from './job-row.ts';
import type { JobSchedules } from './job-schedule.ts';
import type { JobsRepo } from './jobs-repo.ts';
import type { Occurrences } from './occurrences.ts';
import type { RunEndings } from './run-endings.ts';
import { type RunExecutor, replaced } from './run-executor.ts';
import type { RunRow } from './run-row.ts';
import type { RunsRepo } from './runs-repo.ts';

/** Executors by type of job. */
export interface Executors {
  readonly shell: RunExecutor;
  readonly claude: RunExecutor;
  readonly gateway: RunExecutor;
}

/** What the scheduler is made from. */
export interface CronSchedulerParts {
  readonly database: Database;
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly occurrences: Occurrences;
  readonly schedules: JobSchedules;
  readonly executors: Executors;
  readonly endings: RunEndings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This run of the gateway among all. */
  readonly owner: string;
  /** A run begins. Called in the transaction that says so: what it throws keeps it from beginning. */
  readonly onBegin?: (job: JobRow, run: RunRow) => void;
  /** The longest time between two looks at the clock, in milliseconds. */
  readonly longestWaitMs: number;
}

/** In one go: jobs that are looked at, and runs that are begun. Starting a process takes milliseconds. */
const mostJobs = 2;
const mostRuns = 1;
/** The clock was set back: what is a little less is its own correction. */
const backMs = 2_000;
const afterFaultMs = 5_000;
/** A job that can't be looked at keeps no others from running meanwhile. */
const afterJobFaultMs = 60_000;
/** Nothing waits longer for its next try. */
const longestPauseMs = 3600_000;

/**
 * Looks at the clock, and at what is due. It never waits long: a timer knows nothing of a clock that is set
 * or a machine that sleeps. What it does depends on the rows and on the clock alone, so that it may stop at
 * any moment and go on later.
 */
export class CronScheduler {
  readonly #parts: CronSchedulerParts;
  #cancel: (() => void) | undefined;
  #running = false;
  #lastMs = 0;
  /** When all was looked at without a fault. */
  #wellMs = 0;
  #clockChanged = true;
  #toReview: CronJobId[] = [];

  constructor(parts: CronSchedulerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = true;
    this.#lastMs = this.#parts.clock.now();
    this.#wellMs = this.#lastMs;
    this.#look();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
  }

  /** A run takes the place of those of its job that wait or go on. */
  makeRoomFor(runId: number, jobId: CronJobId): void {
    const others = this.#parts.runs.active(jobId).filter(({ id }) => id !== runId);
    this.#makeRoom(others.map(({ id }) => id));
  }

  /** How long jobs were not looked at without a fault, in milliseconds; undefined: they are not to be. */
  idleMs(): number | undefined {
    return this.#running ? this.#parts.clock.now() - this.#wellMs : undefined;
  }

  get stopped(): boolean {
    return !this.#running;
  }

  /** Look soon: something has changed. */
  wake(): void {
    if (!this.#running) return;
    this.#cancel?.();
    this.#cancel = this.#parts.clock.after(0, () => this.#look());
  }

  #look(): void {
    if (!this.#running) return;
    let waitMs = afterFaultMs;
    try {
      waitMs = this.#step(this.#parts.clock.now());
      this.#wellMs = this.#parts.clock.now();
    } catch (error) {
      // A full disk, for one: what is due stays due.
      this.#parts.logger.error({ err: error }, 'jobs could not be looked at');
    }
    this.#cancel?.();
    this.#cancel = this.#parts.clock.after(waitMs, () => this.#look());
  }

  /** @returns how long nothing will be due, in milliseconds */
  #step(nowMs: number): number {
    const { jobs, occurrences } = this.#parts;
    if (nowMs < this.#lastMs - backMs) this.#clockChanged = true;
    this.#lastMs = nowMs;
    if (this.#clockChanged) this.#beginReview(nowMs);
    for (const id of this.#toReview.splice(-mostJobs))
      this.#carefully(id, nowMs, () => occurrences.review(id, nowMs));
    const due = jobs.due(nowMs, mostJobs);
    for (const id of due)
      this.#carefully(id, nowMs, () => this.#makeRoom(occurrences.claim(id, nowMs)));
    const begun = this.#beginRuns(nowMs);
    const more = this.#toReview.length > 0 || due.length === mostJobs || begun === mostRuns;
    return more ? 0 : this.#restMs(nowMs);
  }

  /** Jobs may wait for times of a clock, or of rules of a zone, that no longer hold. */
  #beginReview(nowMs: number): void {
    const { schedules, jobs, runs } = this.#parts;
    runs.hurry(nowMs, nowMs + longestPauseMs);
    schedules.forget();
    this.#toReview = jobs.enabledIds().reverse();
    this.#clockChanged = false;
  }

  /** @throws where not even that can be noted, as on a full disk */
  #carefully(id: CronJobId, nowMs: number, look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#parts.jobs.postpone(id, nowMs + afterJobFaultMs);
      this.#parts.logger.error({ err: error, job: id }, 'a job could not be looked at');
    }
  }

  #makeRoom(runIds: readonly number[]): void {
    for (const id of runIds) void this.#replace(id);
  }

  async #replace(runId: number): Promise<void> {
    const { runs, endings, executors, logger } = this.#parts;
    try {
      if (runs.find(runId)?.state === 'queued') {
        endings.end(runId, { state: 'stopped', result: replaced, why: replaced });
        return;
      }
      await Promise.all([
        executors.shell.stop(runId, 'replaced'),
        executors.claude.stop(runId, 'replaced'),
        executors.gateway.stop(runId, 'replaced'),
      ]);
    } catch (error) {
      logger.error({ err: error, run: runId }, 'a run could not be replaced');
    }
  }

  /** @returns how many might begin: with less than {@link mostRuns}, no others wait that may */
  #beginRuns(nowMs: number): number {
    const { runs, executors } = this.#parts;
    const startable = jobTypes
      .filter((type) => executors[type].free)
      .flatMap((type) => runs.startable(nowMs, type, mostRuns));
    const first = startable.toSorted((a, b) => a.due_at_ms - b.due_at_ms || a.id - b.id);
    for (const { id, job_id } of first.slice(0, mostRuns)) this.#begin(id, job_id, nowMs);
    return Math.min(first.length, mostRuns);
  }

  #begin(id: number, jobId: CronJobId, nowMs: number): void {
    const { database, runs, jobs, owner, executors, onBegin } = this.#parts;
    const job = jobs.find(jobId);
    if (job === undefined) return;
    const executor = executors[typeOf(job)];
    if (!executor.free) return;
    const run = database.transaction(() => {
      if (!runs.begin(id, owner, nowMs)) return undefined;
      jobs.noteBegun(jobId, isoTime(nowMs));
      const begun = runs.find(id);
      if (begun !== undefined) onBegin?.(job, begun);
      return begun;
    })();
    if (run !== undefined) executor.start(job, run);
  }

  #restMs(nowMs: number): number {
    const { jobs, runs, longestWaitMs } = this.#parts;
    const comes = [jobs.nextDueMs(), runs.nextQueuedMs(nowMs)];
    const rests = comes.flatMap((ms) => (ms === undefined ? [] : [Math.max(0, ms - nowMs)]));
    return Math.min(longestWaitMs, ...rests);
  }
}
