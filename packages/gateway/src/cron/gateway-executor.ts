import type { GatewayCommand } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { JobRow } from './job-row.ts';
import type { RunEndings } from './run-endings.ts';
import { endedBy, type RunExecutor, type StopReason, stopReason } from './run-executor.ts';
import type { RunOutcome, RunRow } from './run-row.ts';

/** Something that the gateway does itself. @returns what came of it, in words for the owner */
export type GatewayAction = () => Promise<{ readonly done: boolean; readonly detail: string }>;

/** What the gateway can do by itself, by the commands of jobs. */
export type GatewayActions = Readonly<Partial<Record<GatewayCommand, GatewayAction>>>;

/** What such jobs run with. */
export interface GatewayExecutorParts {
  readonly actions: GatewayActions;
  readonly endings: RunEndings;
  readonly clock: Clock;
  /** Longest run of a job that has no limit of its own. */
  readonly limitMs: number;
}

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Runs what the gateway does itself. A run that is ended from outside, or takes too long, is over at once; what
 * it was at comes to its own end, and nothing is made of that.
 */
export class GatewayExecutor implements RunExecutor {
  readonly #parts: GatewayExecutorParts;
  readonly #running = new Map<number, Running>();
  /** None of it keeps others from running. */
  readonly free = true;

  constructor(parts: GatewayExecutorParts) {
    this.#parts = parts;
  }

  start(job: JobRow, run: RunRow): void {
    const controller = new AbortController();
    const ended = this.#run(job, run, controller.signal).finally(() =>
      this.#running.delete(run.id),
    );
    this.#running.set(run.id, { controller, ended });
  }

  async stop(runId: number, reason: StopReason): Promise<void> {
    const running = this.#running.get(runId);
    running?.controller.abort(reason);
    await running?.ended;
  }

  /** Let what runs end within that time, and end the rest. */
  async close(graceMs: number): Promise<void> {
    const running = [...this.#running.values()];
    const cancel = this.#parts.clock.after(graceMs, () => {
      for (const { controller } of running) controller.abort('interrupted');
    });
    await Promise.all(running.map(({ ended }) => ended));
    cancel();
  }

  async #run(job: JobRow, run: RunRow, signal: AbortSignal): Promise<void> {
    const { endings } = this.#parts;
    const outcome = await this.#outcomeOf(job, signal);
    // It stays as it is, and runs again after the next start.
    if (outcome.state === 'interrupted' && job.rerun_after_crash === 1) return;
    await endings.settle(run.id, () => endings.record(run.id, outcome));
  }

  async #outcomeOf(job: JobRow, signal: AbortSignal): Promise<RunOutcome> {
    const { clock, limitMs } = this.#parts;
    const ownMs = job.timeout_seconds === null ? limitMs : job.timeout_seconds * 1000;
    let cancel = (): void => {};
    const cut = new Promise<RunOutcome>((resolve) => {
      signal.addEventListener('abort', () => {
        const end = endedBy[stopReason(signal)];
        resolve({ ...end, result: end.why ?? '' });
      });
      cancel = clock.after(ownMs, () => {
        resolve({ state: 'timed_out', result: `It took longer than ${ownMs / 1000} s.` });
      });
    });
    try {
      return await Promise.race([cut, this.#perform(job.command)]);
    } finally {
      cancel();
    }
  }

  async #perform(command: string): Promise<RunOutcome> {
    const { actions } = this.#parts;
    const action = Object.entries(actions).find(([name]) => name === command)?.[1];
    if (action === undefined) {
      const words = `The gateway has no ${JSON.stringify(command)} that it does itself.`;
      return { state: 'failed', result: words };
    }
    try {
      const { done, detail } = await action();
      return { state: done ? 'succeeded' : 'failed', result: detail };
    } catch (error) {
      return { state: 'failed', result: error instanceof Error ? error.message : String(error) };
    }
  }
}
