import { expect, test } from 'vitest';
import {
  type ChainProgress,
  decideNextStep,
  deepest,
  type EndedStep,
  mostDecompositions,
  type NextStep,
} from './decide-next-step.ts';

const progress = (done: number, total: number, blocked = 0): ChainProgress => ({
  total,
  done,
  blocked,
});
const batchDone = { kind: 'batch_done', phase: 'build', done: 1, total: 9 } as const;
const blockedOn = { kind: 'blocked', taskId: 't', reason: 'no key' } as const;
const complete = { kind: 'complete' } as const;

const usual: EndedStep = {
  outcome: 'answered',
  marker: undefined,
  before: undefined,
  now: undefined,
  depth: 0,
  decompositions: 0,
  retries: 0,
  idleSteps: 0,
};
const batch: NextStep = { kind: 'batch' };
const decompose: NextStep = { kind: 'decompose' };
const retryAfter = (seconds: number): NextStep => ({ kind: 'retry', afterMs: seconds * 1000 });
const end = (because: (NextStep & { kind: 'end' })['because']): NextStep => ({
  kind: 'end',
  because,
});

const cases: [string, Partial<EndedStep>, NextStep][] = [
  ['no harness, no marker: an ordinary task', {}, end('answered')],
  ['no harness, but a batch is done', { marker: batchDone }, batch],

  ['complete, says Claude', { marker: complete, now: progress(9, 9) }, end('complete')],
  ['complete, with tasks left', { marker: complete, now: progress(8, 9) }, end('complete')],
  ['complete, without a list', { marker: complete }, end('complete')],
  ['all done, without a marker', { now: progress(9, 9) }, end('complete')],
  [
    'all done before already: an ordinary task',
    { before: progress(9, 9), now: progress(9, 9) },
    end('answered'),
  ],
  [
    'all done before, and so it says',
    { marker: complete, before: progress(9, 9), now: progress(9, 9) },
    end('complete'),
  ],
  [
    'new tasks, all done at once',
    { before: progress(9, 9), now: progress(12, 12) },
    end('complete'),
  ],
  ['all done, with another marker', { marker: batchDone, now: progress(9, 9) }, end('complete')],

  ['blocked, says Claude', { marker: blockedOn, now: progress(1, 9, 1) }, end('blocked')],
  ['blocked, without a list', { marker: blockedOn }, end('blocked')],
  [
    'blocked, though it got on',
    { marker: blockedOn, before: progress(1, 9), now: progress(4, 9, 1) },
    end('blocked'),
  ],
  [
    'only blocked ones are left',
    { before: progress(1, 9), now: progress(7, 9, 2) },
    end('blocked'),
  ],
  ['some are blocked, others not', { before: progress(1, 9), now: progress(2, 9, 2) }, batch],

  ['a batch is done', { marker: batchDone, before: progress(1, 9), now: progress(4, 9) }, batch],
  ['no marker, but progress', { before: progress(1, 9), now: progress(2, 9) }, batch],
  ['no marker, but more tasks', { before: progress(1, 9), now: progress(1, 12) }, batch],
  ['no marker, but a list now', { before: undefined, now: progress(0, 9) }, batch],
  ['no marker, no progress', { before: progress(2, 9), now: progress(2, 9) }, end('no_progress')],
  ['no marker, a task undone', { before: progress(2, 9), now: progress(1, 9) }, end('no_progress')],
  [
    'a batch is done that the list does not show',
    { marker: batchDone, before: progress(2, 9), now: progress(2, 9), idleSteps: 1 },
    batch,
  ],
  [
    'such a batch for the third time in a row',
    { marker: batchDone, before: progress(2, 9), now: progress(2, 9), idleSteps: 2 },
    end('no_progress'),
  ],

  ['an empty list', { now: progress(0, 0) }, decompose],
  ['an empty list, though a batch is done', { marker: batchDone, now: progress(0, 0) }, decompose],
  [
    'still empty the last time that counts',
    { now: progress(0, 0), decompositions: mostDecompositions - 1 },
    decompose,
  ],
  [
    'still empty after all tries',
    { now: progress(0, 0), decompositions: mostDecompositions },
    end('not_decomposed'),
  ],
  [
    'filled at last',
    { before: progress(0, 0), now: progress(0, 9), decompositions: mostDecompositions },
    batch,
  ],

  [
    'the last step that may be chained',
    { before: progress(1, 999), now: progress(2, 999), depth: deepest - 1 },
    batch,
  ],
  [
    'one too many',
    { before: progress(1, 999), now: progress(2, 999), depth: deepest },
    end('depth_limit'),
  ],
  ['too deep for a list to be filled', { now: progress(0, 0), depth: deepest }, end('depth_limit')],
  ['complete at the deepest', { now: progress(9, 9), depth: deepest }, end('complete')],

  ['an ordinary task fails', { outcome: 'failed' }, end('failed')],
  ['an ordinary task is broken off', { outcome: 'broken_off' }, end('failed')],
  ['an ordinary task could not be run', { outcome: 'not_run' }, retryAfter(30)],
  ['nor could it later', { outcome: 'not_run', retries: 3 }, end('failed')],
  ['a step fails', { outcome: 'failed', now: progress(1, 9) }, end('failed')],
  ['a step is broken off', { outcome: 'broken_off', now: progress(1, 9) }, retryAfter(30)],
  ['its list too, so it seems', { outcome: 'broken_off', before: progress(1, 9) }, retryAfter(30)],
  ['once more', { outcome: 'broken_off', now: progress(1, 9), retries: 1 }, retryAfter(120)],
  ['and again', { outcome: 'broken_off', now: progress(1, 9), retries: 2 }, retryAfter(600)],
  ['and no more', { outcome: 'broken_off', now: progress(1, 9), retries: 3 }, end('failed')],
  [
    'what a broken answer says counts for nothing',
    { outcome: 'broken_off', marker: complete, now: progress(1, 9), retries: 3 },
    end('failed'),
  ],
];

test.each(cases)('%s', (_name, step, next) => {
  expect(decideNextStep({ ...usual, ...step })).toEqual(next);
});

test('whatever happens, a chain ends', () => {
  // The worst that Claude can do: each time it says that it got on, and each time the list is longer.
  let steps = 0;
  let step: EndedStep = { ...usual, marker: batchDone, now: progress(0, 1) };
  while (decideNextStep(step).kind !== 'end') {
    steps += 1;
    const now = progress(0, steps + 1);
    step = { ...step, depth: steps, before: step.now, now };
  }
  expect(steps).toBe(deepest);
});
