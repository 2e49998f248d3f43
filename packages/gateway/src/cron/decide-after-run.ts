import type { CronJob, CronTrigger } from '@mini-claude-bot/contract';
import type { RunOutcome } from './run-row.ts';

const longestDelayMs = 3600_000;

/**
 * How long to wait until a run that ended that way is tried again; undefined: it is not.
 * @param attempt how often it was begun
 * @returns milliseconds
 */
export function retryDelayMs(
  state: RunOutcome['state'],
  attempt: number,
  trigger: CronTrigger,
  { retries, retry_delay_seconds }: Pick<CronJob, 'retries' | 'retry_delay_seconds'>,
): number | undefined {
  // Who ran it by hand sees that it failed.
  if (trigger === 'manual' || attempt > retries) return undefined;
  if (state !== 'failed' && state !== 'timed_out') return undefined;
  return Math.min(retry_delay_seconds * 1000 * 2 ** (attempt - 1), longestDelayMs);
}

/** What a decision about telling goes by. */
export interface Standing {
  readonly state: RunOutcome['state'];
  /** Failures in a row before this run. */
  readonly failures: number;
  readonly alertAfter: number;
  /** 0: never. */
  readonly disableAfter: number;
  /** It is not disabled already. */
  readonly enabled: boolean;
  readonly notify: CronJob['notify'];
  /** The output is another one than was told last. */
  readonly changed: boolean;
}

/** What follows from the end of a run. */
export interface Consequences {
  /** Failures in a row after this run. */
  readonly failures: number;
  /**
   * What the job's chat is told. streak: it failed, as so often that it is silent from now on. recovered:
   * it works again after that.
   */
  readonly tell: 'nothing' | 'success' | 'recovered' | 'failure' | 'streak' | 'disabled';
  readonly disable: boolean;
}

export function decideConsequences(standing: Standing): Consequences {
  const { state, failures } = standing;
  // Somebody ended it: that says nothing about the job.
  if (state === 'stopped') return { failures, tell: 'nothing', disable: false };
  return state === 'succeeded' ? afterSuccess(standing) : afterFailure(standing);
}

function afterSuccess({ failures, alertAfter, notify, changed }: Standing): Consequences {
  const silent = failures >= alertAfter;
  const wanted = notify === 'always' || (notify === 'change' && changed);
  const tell = silent ? 'recovered' : wanted ? 'success' : 'nothing';
  return { failures: 0, tell, disable: false };
}

function afterFailure(standing: Standing): Consequences {
  const { alertAfter, disableAfter, enabled } = standing;
  const failures = standing.failures + 1;
  const disable = enabled && disableAfter > 0 && failures >= disableAfter;
  if (disable) return { failures, tell: 'disabled', disable };
  const tell = failures < alertAfter ? 'failure' : failures === alertAfter ? 'streak' : 'nothing';
  return { failures, tell, disable };
}
