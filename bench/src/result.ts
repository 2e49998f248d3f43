import type { Machine } from './machine.ts';
import { type Summary, summarize } from './statistics.ts';

export type Unit =
  | 'ms'
  | 'MiB'
  | 'req/s'
  | 'events'
  | 'turns'
  | 'turns/s'
  | 'runs/s'
  | 'rows'
  | 'rows/s'
  | 'MB/s'
  | '%';

/** One thing that was measured. */
export interface Measurement extends Summary {
  /** For programs that compare runs. */
  readonly id: string;
  /** For people. */
  readonly label: string;
  readonly unit: Unit;
}

/** @throws RangeError without samples */
export const measured = (
  id: string,
  label: string,
  samples: readonly number[],
  unit: Unit = 'ms',
): Measurement => ({ id, label, unit, ...summarize(samples) });

/** What was promised, and how it came out in this run. */
export interface Goal {
  readonly text: string;
  readonly value: number;
  /** The least or the most that the value may be. */
  readonly bound: 'at least' | 'at most';
  readonly limit: number;
  readonly unit: Unit | '×' | 'faults' | 'points';
  readonly met: boolean;
}

/** What is not a distribution of samples. */
export interface ResultTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words. */
  readonly left: readonly number[];
}

/** All of a run. */
export interface Result {
  readonly suite: string;
  readonly quick: boolean;
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly tables?: readonly ResultTable[];
  readonly measurements: readonly Measurement[];
  readonly goals: readonly Goal[];
}

type GoalTerms = Pick<Goal, 'text' | 'value' | 'limit' | 'unit'>;

export const atMost = (terms: GoalTerms): Goal => ({
  ...terms,
  bound: 'at most',
  met: terms.value <= terms.limit,
});

export const atLeast = (terms: GoalTerms): Goal => ({
  ...terms,
  bound: 'at least',
  met: terms.value >= terms.limit,
});
