import type { TurnId, TurnState } from '@mini-claude-bot/contract';
import type { Logger } from '../host/logger.ts';
import { inTimeMs } from './collect-due.ts';
import { longestDelayMs, tooLate } from './decide-occurrences.ts';
import type { JobsRepo } from './jobs-repo.ts';
import type { RunEndings } from './run-endings.ts';
import type { RunRow } from './run-row.ts';
import type { RunsRepo } from './runs-repo.ts';

/** What is needed to find out what became of runs. */
export interface RecoverParts {
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly endings: RunEndings;
  /** What became of a turn; undefined: there is none. */
  readonly turnState: (id: TurnId) => TurnState | undefined;
  readonly owner: string;
  readonly nowMs: number;
  readonly logger: Logger;
}

/** What is done about a run that had begun when the gateway ended. */
export type Recovery = 'again' | 'interrupted' | 'goes_on';

/**
 * A Claude job's turn goes on, or ends its run itself; one that was not asked yet can be asked. What a
 * command had done by then nobody can know: it runs again only where the job says that it may.
 */
export function decideRecovery(
  run: Pick<RunRow, 'turn_id'>,
  job: { readonly job_type: string; readonly rerun_after_crash: 0 | 1 },
  turnState: TurnState | undefined,
): Recovery {
  if (job.job_type === 'claude') {
    if (run.turn_id === null) return 'again';
    if (turnState === 'queued' || turnState === 'running') return 'goes_on';
  }
  return job.rerun_after_crash === 1 ? 'again' : 'interrupted';
}

/** After a start, once turns are recovered: see to the runs that an earlier run of the gateway had begun. */
export function recoverRuns(parts: RecoverParts, isGone: (owner: string | null) => boolean): void {
  const { jobs, runs, endings, turnState, owner, logger } = parts;
  for (const run of runs.running()) {
    const job = jobs.find(run.job_id);
    if (job === undefined || !isGone(run.owner)) continue;
    const state = run.turn_id === null ? undefined : turnState(run.turn_id);
    const recovery = decideRecovery(run, job, state);
    if (recovery === 'goes_on') runs.adopt(run.id, owner);
    else if (recovery === 'again') {
      // One that Claude was not asked yet does not count as begun.
      const attempt =
        job.job_type === 'claude' && run.turn_id === null ? run.attempt - 1 : run.attempt;
      runs.requeue(run.id, 0, attempt, 'The gateway ended while it ran; it runs again.');
    } else endings.end(run.id, interrupted);
    logger.info({ job: job.id, run: run.id, recovery }, 'a run had begun when the gateway ended');
  }
  leaveOutLate(parts);
}

/** What was to begin when the gateway ended begins now, unless that is too late for its job by now. */
function leaveOutLate({ jobs, runs, nowMs }: RecoverParts): void {
  for (const run of runs.late(nowMs - inTimeMs)) {
    const job = jobs.find(run.job_id);
    const lateMs = nowMs - run.due_at_ms;
    // Those that queue wait for one another, however long that takes.
    if (job === undefined || job.overlap === 'queue' || lateMs <= longestDelayMs(job)) continue;
    runs.leaveOut(run.id, 'missed', tooLate(lateMs), nowMs);
  }
}

const why = 'The gateway ended while it ran. How far it came is not known.';
const interrupted = { state: 'interrupted' as const, result: why, why };
