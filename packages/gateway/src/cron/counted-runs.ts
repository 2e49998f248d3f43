import type { CronJobType } from '@mini-claude-bot/contract';
import type { RunRow } from './run-row.ts';

/** Told of each run that is over. @param ranMs undefined: it did not begin */
export type OnRunOver = (state: string, jobType: CronJobType, ranMs: number | undefined) => void;

/**
 * Counts runs that are over. What was written may be rolled back, so that it is looked at once it is stored: a
 * transaction ends before anything else is done.
 */
export class CountedRuns {
  readonly #find: (id: number) => RunRow | undefined;
  readonly #onOver: OnRunOver;

  constructor(find: (id: number) => RunRow | undefined, onOver: OnRunOver) {
    this.#find = find;
    this.#onOver = onOver;
  }

  /** The end of a run is being written. */
  note(id: number): void {
    queueMicrotask(() => {
      const run = this.#find(id);
      if (run === undefined || run.state === 'queued' || run.state === 'running') return;
      const { begun_at_ms, ended_at_ms } = run;
      const ranMs =
        begun_at_ms === null || ended_at_ms === null
          ? undefined
          : Math.max(0, ended_at_ms - begun_at_ms);
      this.#onOver(run.state, run.job_type, ranMs);
    });
  }
}
