import type { CronJobId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { isoTime } from './iso-time.ts';
import type { JobSchedules } from './job-schedule.ts';
import type { JobsRepo } from './jobs-repo.ts';
import type { Occurrences } from './occurrences.ts';
import type { RunExecutor } from './run-executor.ts';
import type { RunsRepo } from './runs-repo.ts';

/** Executors by type of job. */
export interface Executors {
  readonly shell: RunExecutor;
  readonly claude: RunExecutor;
}

/** What the scheduler is made from. */
export interface CronSchedulerParts {
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly occurrences: Occurrences;
  readonly schedules: JobSchedules;
  readonly executors: Executors;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This run of the gateway among all. */
  readonly owner: string;
  /** The longest time between two looks at the clock, in milliseconds. */
  readonly longestWaitMs: number;
}

/** In one go: jobs that are looked at, and runs that are begun. Others want the processor too. */
const mostJobs = 2;
const mostRuns = 2;
/** The clock was set back: what is a little less is its own correction. */
const backMs = 2_000;
const afterFaultMs = 5_000;

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
  #toReview: CronJobId[] = [];

  constructor(parts: CronSchedulerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = true;
    this.#lastMs = this.#parts.clock.now();
    this.#beginReview();
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
    if (nowMs < this.#lastMs - backMs) this.#beginReview();
    this.#lastMs = nowMs;
    if (this.#toReview.length > 0) {
      for (const id of this.#toReview.slice(0, mostJobs)) occurrences.review(id, nowMs);
      this.#toReview = this.#toReview.slice(mostJobs);
      return 0;
    }
    for (const id of jobs.due(nowMs, mostJobs)) this.#makeRoom(occurrences.claim(id, nowMs));
    this.#beginRuns(nowMs);
    return this.#restMs(nowMs);
  }

  /** Jobs may wait for times of a clock, or of rules of a zone, that no longer hold. */
  #beginReview(): void {
    this.#parts.schedules.forget();
    this.#toReview = this.#parts.jobs.enabledIds();
  }

  #makeRoom(runIds: readonly number[]): void {
    for (const id of runIds) void this.#replace(id);
  }

  async #replace(runId: number): Promise<void> {
    const { runs, executors, logger } = this.#parts;
    try {
      const run = runs.find(runId);
      if (run?.state === 'queued') {
        const why = 'The next run was due, and took its place.';
        runs.end(runId, { state: 'stopped', result: why, why }, this.#parts.clock.now());
        return;
      }
      await Promise.all([
        executors.shell.stop(runId, 'replaced'),
        executors.claude.stop(runId, 'replaced'),
      ]);
    } catch (error) {
      logger.error({ err: error, run: runId }, 'a run could not be replaced');
    }
  }

  #beginRuns(nowMs: number): void {
    const { runs, jobs, owner } = this.#parts;
    for (const { id, job_id } of runs.startable(nowMs, this.#free(), mostRuns)) {
      const job = jobs.find(job_id);
      if (job === undefined) continue;
      const executor = this.#parts.executors[job.job_type === 'claude' ? 'claude' : 'shell'];
      if (!executor.free || !runs.begin(id, owner, nowMs)) continue;
      const run = runs.find(id);
      if (run === undefined) continue;
      jobs.noteBegun(job_id, isoTime(nowMs));
      executor.start(job, run);
    }
  }

  #free() {
    const { shell, claude } = this.#parts.executors;
    return { shell: shell.free, claude: claude.free };
  }

  #restMs(nowMs: number): number {
    const { jobs, runs, longestWaitMs } = this.#parts;
    if (runs.startable(nowMs, this.#free(), 1).length > 0) return 0;
    const comes = [jobs.nextDueMs(), runs.nextQueuedMs(nowMs)];
    const rests = comes.flatMap((ms) => (ms === undefined ? [] : [Math.max(0, ms - nowMs)]));
    return Math.min(longestWaitMs, ...rests);
  }
}
