import { createHash } from 'node:crypto';
import {
  type BotId,
  ChatId,
  type CronJobId,
  type CronRunState,
  type DeliveryId,
  type DeliverySource,
  GatewayError,
} from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { wait } from '../host/wait.ts';
import { decideConsequences, retryDelayMs } from './decide-after-run.ts';
import type { IncidentsRepo } from './incidents-repo.ts';
import { isoTime } from './iso-time.ts';
import type { JobRow } from './job-row.ts';
import type { JobsRepo } from './jobs-repo.ts';
import type { RunOutcome, RunRow } from './run-row.ts';
import type { RunsRepo } from './runs-repo.ts';
import { tellingOf } from './telling.ts';

/** Tells a chat something, surely: in the transaction of what it tells. */
export interface Teller {
  readonly enqueue: (delivery: {
    readonly botId: BotId;
    readonly chatId: ChatId;
    readonly text: string;
    readonly format: 'markdown' | 'plain';
    readonly source: DeliverySource;
  }) => DeliveryId;
}

/** What the ends of runs are written with. */
export interface RunEndingsParts {
  readonly database: Database;
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly incidents: IncidentsRepo;
  readonly teller: Teller;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs of a job that are kept. */
  readonly historyKeep: number;
}

/** What somebody who waited for a run gets. */
export interface EndedRun {
  readonly run_id: number;
  readonly result: string;
  readonly state: CronRunState;
}

interface Waiter {
  readonly resolve: (ended: EndedRun) => void;
  readonly reject: (error: GatewayError) => void;
}

const tryAgainMs = 5_000;
const paused = 'The job was paused before it could begin.';

/** Writes how runs end, with all that follows from it: retries, messages, incidents. */
export class RunEndings {
  readonly #parts: RunEndingsParts;
  readonly #waiters = new Map<number, Waiter[]>();
  readonly #closing = new AbortController();
  #onEnd: (runId: number) => void = () => {};

  constructor(parts: RunEndingsParts) {
    this.#parts = parts;
  }

  /** Called after each end: something that waits may begin. */
  onEnd(callback: (runId: number) => void): void {
    this.#onEnd = callback;
  }

  /** Resolves when that run has ended, retries included. */
  wait(runId: number): Promise<EndedRun> {
    return new Promise((resolve, reject) => {
      this.#waiters.set(runId, [...(this.#waiters.get(runId) ?? []), { resolve, reject }]);
      this.#tell(runId);
    });
  }

  /** Nobody will be told any more: what waits runs after the next start. */
  close(): void {
    this.#closing.abort();
    const waiters = [...this.#waiters.values()].flat();
    this.#waiters.clear();
    for (const { reject } of waiters) {
      reject(
        new GatewayError('shutting_down', 'The gateway is stopping. The job runs when it is back.'),
      );
    }
  }

  /** Write how a run ended, and tell it. */
  end(runId: number, outcome: RunOutcome): void {
    this.record(runId, outcome);
    this.announce(runId);
  }

  /**
   * Write what has happened to a run as soon as that can be done, such as on a disk that was full, and tell it.
   * Never rejects. What can't be written until the gateway ends, its next start finds.
   * @param signal gives up
   */
  async settle(runId: number, write: () => void, signal = this.#closing.signal): Promise<void> {
    const { clock, logger } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        write();
        this.announce(runId);
        return;
      } catch (error) {
        if (tries === 1)
          logger.error({ err: error, run: runId }, 'the end of a run is not stored yet');
      }
      if (signal.aborted) return;
      await wait(tryAgainMs, clock, signal).catch(() => {});
    }
  }

  /** The writing alone, for those that have a transaction of their own. It may be done twice. */
  record(runId: number, outcome: RunOutcome): void {
    const { database, jobs, runs } = this.#parts;
    database.transaction(() => {
      const run = runs.find(runId);
      if (run === undefined || (run.state !== 'running' && run.state !== 'queued')) return;
      const job = jobs.find(run.job_id);
      if (job === undefined || this.#retries(job, run, outcome)) return;
      this.#write(job, run, outcome);
    })();
  }

  /** To be called once what was recorded is committed. */
  announce(runId: number): void {
    this.#tell(runId);
    this.#onEnd(runId);
  }

  /** What waits of a job that is paused is not begun, unless somebody asked for it. */
  dropWaiting(jobId: CronJobId): void {
    const { runs, clock } = this.#parts;
    const nowMs = clock.now();
    for (const { id, state, triggered_by, attempt, why } of runs.active(jobId)) {
      if (state !== 'queued' || triggered_by === 'manual') continue;
      if (attempt === 0) runs.leaveOut(id, 'skipped', paused, nowMs);
      else runs.end(id, { state: 'failed', result: why ?? paused, why: paused }, nowMs);
    }
  }

  #retries(job: JobRow, run: RunRow, { state, result }: RunOutcome): boolean {
    const delayMs = retryDelayMs(state, run.attempt, run.triggered_by, job);
    if (delayMs === undefined) return false;
    const { runs, clock } = this.#parts;
    const atMs = clock.now() + delayMs;
    const why = `Try ${run.attempt} failed; the next comes at ${isoTime(atMs)}. ${result}`;
    runs.requeue(run.id, atMs, run.attempt, why.slice(0, 2_000));
    return true;
  }

  #write(job: JobRow, run: RunRow, outcome: RunOutcome): void {
    const { jobs, runs, clock, historyKeep } = this.#parts;
    const nowMs = clock.now();
    runs.end(run.id, outcome, nowMs);
    const digest = createHash('sha256').update(outcome.result).digest('hex').slice(0, 32);
    const { failures, tell, disable } = decideConsequences({
      state: outcome.state,
      failures: job.failures_in_a_row,
      alertAfter: job.alert_after,
      disableAfter: job.disable_after,
      enabled: job.enabled === 1,
      notify: job.notify,
      changed: digest !== job.told_output,
    });
    // One that never began says nothing about the job.
    if (run.attempt > 0) jobs.noteEnded(job.id, outcome.result, failures);
    if (outcome.state === 'succeeded') jobs.noteTold(job.id, digest);
    this.#noteIncidents(job, outcome, failures, nowMs);
    if (disable) this.#disable(job, failures, nowMs);
    const streak = tell === 'recovered' ? job.failures_in_a_row : failures;
    const telling = tellingOf(tell, job, outcome, streak);
    if (telling !== undefined) this.#deliver(job, run, telling);
    runs.prune(job.id, historyKeep, run.id);
  }

  #noteIncidents(
    job: JobRow,
    { state, result }: RunOutcome,
    failures: number,
    nowMs: number,
  ): void {
    const { incidents } = this.#parts;
    if (state === 'succeeded') incidents.resolve(job.id, 'failing', nowMs);
    if (failures < job.alert_after) return;
    const first = result.trim().slice(0, 300);
    incidents.open(job.id, 'failing', `It failed ${failures} times in a row: ${first}`, nowMs);
  }

  #disable(job: JobRow, failures: number, nowMs: number): void {
    const { jobs, incidents, logger } = this.#parts;
    const message = `It failed ${failures} times in a row, and was disabled.`;
    jobs.setEnabled(job.id, false, isoTime(nowMs));
    this.dropWaiting(job.id);
    jobs.setNote(job.id, message);
    incidents.open(job.id, 'disabled', message, nowMs);
    logger.warn(
      { job: job.id, bot_id: job.bot_id, failures },
      'a job failed too often, and is disabled',
    );
  }

  #deliver(
    job: JobRow,
    run: RunRow,
    telling: { readonly text: string; readonly format: 'markdown' | 'plain' },
  ): void {
    // Ids of chats are checked when a job is made; the old system had none.
    const chatId = ChatId.safeParse(job.notify_chat_id);
    if (!chatId.success) return;
    const { teller, runs } = this.#parts;
    const source = { kind: 'cron' as const, id: String(run.id) };
    runs.setDelivery(
      run.id,
      teller.enqueue({ botId: job.bot_id, chatId: chatId.data, ...telling, source }),
    );
  }

  #tell(runId: number): void {
    const waiters = this.#waiters.get(runId);
    if (waiters === undefined) return;
    const run = this.#parts.runs.find(runId);
    if (run?.state === 'queued' || run?.state === 'running') return;
    this.#waiters.delete(runId);
    const { result, state } = run ?? { result: null, state: 'stopped' as const };
    for (const { resolve } of waiters) resolve({ run_id: runId, result: result ?? '', state });
  }
}
