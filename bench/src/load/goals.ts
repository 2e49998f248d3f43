import { atMost, type Goal } from '../result.ts';
import { quantile } from '../statistics.ts';
import {
  type Check,
  heardInOrder,
  oneAtATime,
  oneOutcome,
  readersAgree,
  storedInOrder,
} from './checks.ts';
import type { LoadRun } from './load-run.ts';
import type { Quarter } from './watch.ts';

const checks: readonly (readonly [string, Check])[] = [
  ['messages without exactly one outcome', oneOutcome],
  ['chats whose turns or history are out of order', storedInOrder],
  ['turns begun before the last one of their chat ended', oneAtATime],
  ['chats whose model heard something else than was sent', heardInOrder],
  ['readers who got something else than is stored', readersAgree],
];

const mebibyte = 2 ** 20;
const longestBlockMs = 50;
const mostHeldGrowthMiB = 16;
const mostResidentGrowthMiB = 32;
const faultsShown = 10;

/** @param full whether there was enough of a run to judge memory by: a short one is all warming up */
export function goalsOf(run: LoadRun, full: boolean, say: (line: string) => void): Goal[] {
  const correct = checks.map(([text, check]): Goal => {
    const faults = run.chats.flatMap(check);
    for (const fault of faults.slice(0, faultsShown)) say(`  ${fault}`);
    return atMost({ text, value: faults.length, limit: 0, unit: 'faults' });
  });
  return [...correct, blockGoal(run), ...(full ? memoryGoals(run) : [])];
}

const blockGoal = ({ quarters }: LoadRun): Goal =>
  atMost({
    text: 'event loop blocked by its own work, p99.9, worst quarter',
    value: Math.max(...quarters.map(({ blocked }) => blocked.p999)),
    limit: longestBlockMs,
    unit: 'ms',
  });

/** Growth from the first quarter to the last. */
function memoryGoals({ quarters }: LoadRun): Goal[] {
  const growth = (of: (quarter: Quarter) => number): number => {
    const [first, last] = [quarters.at(0), quarters.at(-1)];
    if (first === undefined || last === undefined) throw new Error('the run has no quarters');
    return of(last) - of(first);
  };
  return [
    atMost({
      text: 'memory held after collection, growth Q1 to Q4',
      value: growth(({ heldBytes }) => heldBytes / mebibyte),
      limit: mostHeldGrowthMiB,
      unit: 'MiB',
    }),
    atMost({
      text: 'resident memory p50, growth Q1 to Q4',
      value: growth(({ residentMiB }) => quantile(residentMiB, 0.5)),
      limit: mostResidentGrowthMiB,
      unit: 'MiB',
    }),
  ];
}
