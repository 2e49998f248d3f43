import { join } from 'node:path';
import { endTree } from '@mini-claude-bot/claude';
import type { Clock } from '../../host/clock.ts';
import type { Logger } from '../../host/logger.ts';
import { isoTime } from '../iso-time.ts';
import type { JobRow } from '../job-row.ts';
import type { RunEndings } from '../run-endings.ts';
import { endedBy, type RunExecutor, type StopReason, stopReason } from '../run-executor.ts';
import type { RunOutputs } from '../run-outputs.ts';
import type { RunOutcome, RunRow } from '../run-row.ts';
import { runShell } from './run-shell.ts';
import { outcomeOfShell } from './shell-outcome.ts';

/** What shell jobs run with. */
export interface ShellExecutorParts {
  readonly endings: RunEndings;
  readonly outputs: RunOutputs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shell: string;
  /** Without the secrets of the gateway. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where each job has a directory of its own, by its number. */
  readonly root: string;
  /** The same for each run of one gateway, and for no other. */
  readonly gatewayId: string;
  /** Commands that run at the same time. */
  readonly slots: number;
  /** Longest run of a job that has no limit of its own. */
  readonly limitMs: number;
}

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Runs shell jobs. */
export class ShellExecutor implements RunExecutor {
  readonly #parts: ShellExecutorParts;
  readonly #running = new Map<number, Running>();
  readonly #closing = new AbortController();

  constructor(parts: ShellExecutorParts) {
    this.#parts = parts;
  }

  get free(): boolean {
    return this.#running.size < this.#parts.slots;
  }

  start(job: JobRow, run: RunRow): void {
    const controller = new AbortController();
    const ended = this.#run(job, run, controller.signal).finally(() =>
      this.#running.delete(run.id),
    );
    this.#running.set(run.id, { controller, ended });
    // The last one may have kept others from beginning.
    ended
      .then(() => this.#parts.endings.announce(run.id))
      .catch((error: unknown) =>
        this.#parts.logger.error({ err: error, run: run.id }, 'the end of a run could not be told'),
      );
  }

  async stop(runId: number, reason: StopReason): Promise<void> {
    const running = this.#running.get(runId);
    running?.controller.abort(reason);
    await running?.ended;
  }

  /** Let what runs end within that time, and end the rest. */
  async close(graceMs: number): Promise<void> {
    const cancel = this.#parts.clock.after(graceMs, () => {
      this.#closing.abort();
      for (const { controller } of this.#running.values()) controller.abort('interrupted');
    });
    await this.#allEnded();
    cancel();
  }

  async #allEnded(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** End what an earlier run of this gateway left of runs that had not ended. */
  async endOrphans(unfinished: readonly RunRow[]): Promise<number> {
    const markers = new Set(unfinished.map(({ id }) => this.#marker(id)));
    return markers.size === 0 ? 0 : endTree((marker) => markers.has(marker));
  }

  async #run(job: JobRow, run: RunRow, signal: AbortSignal): Promise<void> {
    const { clock, shell, root } = this.#parts;
    const limitMs = job.timeout_seconds === null ? this.#parts.limitMs : job.timeout_seconds * 1000;
    const output = this.#parts.outputs.begin(run.id);
    const outcome = await runShell(
      {
        shell,
        command: job.command,
        directory: join(root, String(job.id)),
        environment: this.#environment(job, run),
        marker: this.#marker(run.id),
        limitMs,
        signal,
        onOutput: output.take,
      },
      clock,
    ).then(
      (result) => withReason(outcomeOfShell(result, limitMs), signal),
      (error: unknown): RunOutcome => ({ state: 'failed', result: String(error) }),
    );
    output.end();
    // It stays as it is, and runs again after the next start.
    if (outcome.state === 'interrupted' && job.rerun_after_crash === 1) return;
    const { endings } = this.#parts;
    await endings.settle(run.id, () => endings.record(run.id, outcome), this.#closing.signal);
  }

  #environment(job: JobRow, run: RunRow): Record<string, string> {
    return {
      ...this.#parts.environment,
      MCB_BOT_ID: job.bot_id,
      CRON_JOB_ID: String(job.id),
      CRON_RUN_ID: String(run.id),
      CRON_SCHEDULED_AT: run.scheduled_at_ms === null ? '' : isoTime(run.scheduled_at_ms),
    };
  }

  /** Not one of Claude's: what a run left in the background on purpose outlives a restart. */
  #marker(runId: number): string {
    return `cron-${this.#parts.gatewayId}.${runId}`;
  }
}

function withReason(outcome: RunOutcome, signal: AbortSignal): RunOutcome {
  if (outcome.state !== 'stopped') return outcome;
  const end = endedBy[stopReason(signal)];
  return { ...outcome, ...end, result: end.why ?? '' };
}
