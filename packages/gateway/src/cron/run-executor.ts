import type { JobRow } from './job-row.ts';
import type { RunOutcome, RunRow } from './run-row.ts';

/** Why a run is ended from outside. */
export type StopReason = 'stopped' | 'replaced' | 'interrupted';

/** Why a run was stopped, for people. */
export const stopped = 'Somebody ended it.';
export const replaced = 'The next run was due, and took its place.';

/** How a run ends that is ended from outside. */
export const endedBy: Readonly<Record<StopReason, Pick<RunOutcome, 'state' | 'why'>>> = {
  stopped: { state: 'stopped', why: stopped },
  replaced: { state: 'stopped', why: replaced },
  interrupted: { state: 'interrupted', why: 'The gateway was stopped while it ran.' },
};

/** Why, of a signal that carries it. */
export function stopReason({ reason }: AbortSignal): StopReason {
  const given: unknown = reason;
  return given === 'replaced' || given === 'interrupted' ? given : 'stopped';
}

/** Carries out runs of one type of job. Each run that is started is ended with `RunEndings`, whatever happens. */
export interface RunExecutor {
  /** Whether another run may be started now. */
  readonly free: boolean;
  /** Must not throw. */
  readonly start: (job: JobRow, run: RunRow) => void;
  /** Resolves when it has ended; at once where it does not run here. */
  readonly stop: (runId: number, reason: StopReason) => Promise<void>;
}
