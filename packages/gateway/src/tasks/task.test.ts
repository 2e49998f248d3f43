import { expect, test } from 'vitest';
import { countSteps, type StepKind, type StepRow } from './task.ts';

const steps = (...kinds: readonly (StepKind | [StepKind, 0 | 1])[]): StepRow[] =>
  kinds.map((each, n) => {
    const [kind, progressed] = typeof each === 'string' ? ([each, 1] as const) : each;
    return { n, kind, progressed, state: 'ended' } as StepRow;
  });

test.each([
  ['a message alone', steps('message'), { depth: 0, decompositions: 0, retries: 0, idleSteps: 0 }],
  [
    'what followed by itself is counted, what was repeated is not',
    steps('message', 'decompose', 'batch', 'retry', 'batch'),
    { depth: 3, decompositions: 1, retries: 0, idleSteps: 0 },
  ],
  ['repeats in a row', steps('message', 'retry', 'batch', 'retry', 'retry'), { retries: 2 }],
  [
    'steps in a row that brought nothing, until the last one',
    steps('message', ['batch', 0], 'batch', ['batch', 0], ['batch', 0], 'batch'),
    { idleSteps: 2 },
  ],
])('%s', (_name, rows, counts) => {
  expect(countSteps(rows)).toMatchObject(counts);
});

test('a step that never began counts for nothing', () => {
  const dropped = { n: 1, kind: 'batch', progressed: null, state: 'dropped' } as StepRow;
  expect(countSteps([...steps('message'), dropped])).toMatchObject({ depth: 0 });
});
