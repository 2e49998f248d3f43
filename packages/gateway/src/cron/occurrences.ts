import type { CronJobId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import { collectDue } from './collect-due.ts';
import { decideOccurrences, type Verdict } from './decide-occurrences.ts';
import type { IncidentsRepo } from './incidents-repo.ts';
import { type JobRow, typeOf } from './job-row.ts';
import type { JobSchedule, JobSchedules } from './job-schedule.ts';
import type { JobsRepo } from './jobs-repo.ts';
import type { RunsRepo } from './runs-repo.ts';

/** What occurrences are claimed with. */
export interface OccurrencesParts {
  readonly database: Database;
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly incidents: IncidentsRepo;
  readonly schedules: JobSchedules;
  readonly logger: Logger;
  /** Runs of a job that are kept. */
  readonly historyKeep: number;
}

/**
 * Makes a row of each occurrence of each job, once, together with the step to the next one. Whoever else
 * works on the same database finds the row, or that the job has gone on, and makes none.
 */
export class Occurrences {
  readonly #parts: OccurrencesParts;

  constructor(parts: OccurrencesParts) {
    this.#parts = parts;
  }

  /**
   * Decide what becomes of the occurrences of a job that have come.
   * @returns runs that have to make room
   */
  claim(id: CronJobId, nowMs: number): number[] {
    return this.#parts.database.transaction(() => this.#claim(id, nowMs)).immediate();
  }

  /**
   * Make sure that a job waits for the right occurrence. After a change of the clock, or of the rules of its
   * zone, it may wait for one that is far too late, or that will never come.
   */
  review(id: CronJobId, nowMs: number): void {
    const { database, jobs, runs } = this.#parts;
    database
      .transaction(() => {
        const job = jobs.find(id);
        if (job === undefined || job.enabled !== 1) return;
        runs.forgetAhead(id, nowMs);
        // What is due is looked at by whoever claims it.
        if (job.due_at_ms !== null && job.due_at_ms <= nowMs) return;
        this.#plan(job, nowMs, (schedule) => {
          // One whose time has come, and which its jitter puts off, is not to be passed over.
          if (job.next_at_ms === null || job.next_at_ms > nowMs) return schedule.next(nowMs);
          return schedule.next(job.next_at_ms - 1);
        });
      })
      .immediate();
  }

  /** Let a job begin with the first occurrence after now. */
  restart(job: JobRow, nowMs: number): void {
    this.#plan(job, nowMs, (schedule) => schedule.next(nowMs));
  }

  #claim(id: CronJobId, nowMs: number): number[] {
    const job = this.#parts.jobs.find(id);
    const fromMs = job?.next_at_ms ?? null;
    if (job === undefined || job.enabled !== 1 || fromMs === null) return [];
    if (job.due_at_ms === null || job.due_at_ms > nowMs) return [];
    let makeRoom: number[] = [];
    this.#plan(job, nowMs, (schedule) => {
      const due = collectDue(schedule, fromMs, nowMs, job);
      const active = this.#parts.runs.active(id);
      const verdicts = decideOccurrences({
        due,
        nowMs,
        misfire: job.misfire,
        graceMs: job.misfire_grace_seconds * 1000,
        overlap: job.overlap,
        active: active.length,
        dueMs: (atMs) => schedule.dueMs(atMs),
      });
      const runs = verdicts.map((verdict) => this.#insert(job, verdict, schedule, nowMs));
      if (runs.includes('nothing')) this.#parts.runs.prune(id, this.#parts.historyKeep);
      if (job.overlap === 'replace' && runs.includes('queued')) {
        makeRoom = active.map((run) => run.id);
      }
      return due.nextMs;
    });
    return makeRoom;
  }

  #insert(
    job: JobRow,
    verdict: Verdict,
    schedule: JobSchedule,
    nowMs: number,
  ): 'queued' | 'nothing' {
    const { kind, atMs } = verdict;
    const inserted = this.#parts.runs.insert({
      jobId: job.id,
      jobType: typeOf(job),
      state: kind === 'run' ? 'queued' : kind,
      trigger: kind === 'run' ? verdict.trigger : 'schedule',
      scheduledAtMs: atMs,
      dueAtMs: schedule.dueMs(atMs),
      nowMs,
      why: kind === 'run' ? null : verdict.why,
    });
    return inserted !== undefined && kind === 'run' ? 'queued' : 'nothing';
  }

  /** Set what a job waits for. One whose times can't be understood waits for nothing, and says so. */
  #plan(job: JobRow, nowMs: number, next: (schedule: JobSchedule) => number | undefined): void {
    const { jobs, schedules, incidents, logger } = this.#parts;
    const parsed = schedules.of(job);
    if (parsed.kind === 'schedule') {
      jobs.setNext(job.id, parsed.schedule.occurrence(next(parsed.schedule)));
      incidents.resolve(job.id, 'unschedulable', nowMs);
      return;
    }
    const message = `It can't run by itself: its ${parsed.in} ${parsed.message}.`;
    jobs.setNext(job.id, undefined);
    jobs.setNote(job.id, message);
    incidents.open(job.id, 'unschedulable', message, nowMs);
    logger.warn({ job: job.id, bot_id: job.bot_id }, `a job can't be scheduled: ${parsed.message}`);
  }
}
