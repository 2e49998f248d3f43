import type { Marker } from '../harness/markers.ts';

/** How far a harness is. */
export interface ChainProgress {
  readonly total: number;
  readonly done: number;
  readonly blocked: number;
}

/**
 * How the turn of a step ended: answered; broken off by something that may pass, such as a server that is
 * overloaded; not run at all for such a reason; or failed for good.
 */
export type StepOutcome = 'answered' | 'broken_off' | 'not_run' | 'failed';

/** What is known when a step of a task has ended. */
export interface EndedStep {
  readonly outcome: StepOutcome;
  readonly marker: Marker | undefined;
  /** When the step was planned; undefined: there was no list of tasks then. */
  readonly before: ChainProgress | undefined;
  /** Now. */
  readonly now: ChainProgress | undefined;
  /** Steps that were chained so far. */
  readonly depth: number;
  /** Of these, how many were to fill an empty list of tasks. */
  readonly decompositions: number;
  /** How often in a row a step was repeated until now because it had broken off. */
  readonly retries: number;
  /** How many steps in a row brought nothing until now. */
  readonly idleSteps: number;
}

export type NextStep =
  /** The next batch of tasks. */
  | { readonly kind: 'batch' }
  /** The list of tasks is empty: it is to be filled. */
  | { readonly kind: 'decompose' }
  /** The same once more, after a pause. */
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'end'; readonly because: EndReason };

export type EndReason =
  /** It was no harness: what it answered is its result. */
  'answered' | 'failed' | 'complete' | 'blocked' | 'no_progress' | 'not_decomposed' | 'depth_limit';

export const deepest = 100;
export const mostDecompositions = 3;
const mostIdleSteps = 3;
const pausesMs = [30_000, 2 * 60_000, 10 * 60_000];

/** What comes after a step of a background task. The first rule that fits counts. */
export function decideNextStep(step: EndedStep): NextStep {
  if (step.outcome !== 'answered') return afterFault(step);
  const { marker, now } = step;
  if (marker?.kind === 'blocked') return end('blocked');
  if (marker?.kind === 'complete') return end('complete');
  if (now === undefined) return marker === undefined ? end('answered') : chain(step, 'batch');
  if (now.total === 0) {
    return step.decompositions < mostDecompositions
      ? chain(step, 'decompose')
      : end('not_decomposed');
  }
  if (now.done === now.total) return end(wasComplete(step) ? 'answered' : 'complete');
  if (now.done + now.blocked === now.total) return end('blocked');
  if (madeProgress(step)) return chain(step, 'batch');
  // Claude says that it got on, though the list doesn't show it: believed, but not for ever.
  if (marker !== undefined && step.idleSteps + 1 < mostIdleSteps) return chain(step, 'batch');
  return end('no_progress');
}

/** An ordinary task of a chat whose harness had come to its end before. */
const wasComplete = ({ marker, before, now, depth }: EndedStep): boolean =>
  marker === undefined &&
  depth === 0 &&
  before !== undefined &&
  before.total > 0 &&
  before.done === before.total &&
  now?.total === before.total;

/** Tasks were done or turned out to be blocked, or there are more of them than before. */
export function madeProgress({ before, now }: Pick<EndedStep, 'before' | 'now'>): boolean {
  if (now === undefined) return false;
  const { total, done, blocked } = before ?? { total: 0, done: 0, blocked: 0 };
  return now.done > done || now.blocked > blocked || now.total > total;
}

function afterFault({ outcome, retries, now, before }: EndedStep): NextStep {
  const afterMs = pausesMs[retries];
  // What an ordinary task had done when it broke off is its owner's to judge; a list of tasks can tell.
  const repeatable = outcome === 'not_run' || now !== undefined || before !== undefined;
  if (outcome === 'failed' || !repeatable || afterMs === undefined) return end('failed');
  return { kind: 'retry', afterMs };
}

const chain = ({ depth }: EndedStep, kind: 'batch' | 'decompose'): NextStep =>
  depth < deepest ? { kind } : end('depth_limit');

const end = (because: EndReason): NextStep => ({ kind: 'end', because });
