import { expect, test } from 'vitest';
import { findAttention, type Situation } from './find-attention.ts';

const gigabyte = 1024 ** 3;
const fine: Situation = {
  claude: 'logged_in',
  failingJobs: 0,
  deadDeliveries: 0,
  blockedTasks: 0,
  failedTurns: 0,
  embeddings: { wanted: true, works: true, detail: null, fix: null, behind: 0 },
  memory: { free: 4 * gigabyte, floor: gigabyte / 2 },
  disk: { usedPercent: 50, freeGb: 100 },
};
const kinds = (change: Partial<Situation>) =>
  findAttention({ ...fine, ...change }).map(({ kind, level }) => `${level} ${kind}`);

test('where all is well, there is nothing', () => {
  expect(findAttention(fine)).toEqual([]);
  expect(kinds({ claude: 'unknown', disk: undefined })).toEqual([]);
});

test.each<[Partial<Situation>, string[]]>([
  [{ claude: 'logged_out' }, ['problem not_logged_in']],
  [{ memory: { free: gigabyte / 4, floor: gigabyte / 2 } }, ['problem memory_low']],
  [{ memory: { free: 0.6 * gigabyte, floor: gigabyte / 2 } }, ['warning memory_low']],
  [{ memory: { free: 10, floor: 0 } }, []],
  [{ disk: { usedPercent: 90, freeGb: 50 } }, ['warning disk_low']],
  [{ disk: { usedPercent: 95, freeGb: 50 } }, ['problem disk_low']],
  [{ disk: { usedPercent: 20, freeGb: 0.9 } }, ['problem disk_low']],
  [{ failingJobs: 2 }, ['problem failing_jobs']],
  [{ deadDeliveries: 1 }, ['problem dead_deliveries']],
  [{ failedTurns: 1 }, ['warning failed_turns']],
  [{ blockedTasks: 1 }, ['warning blocked_tasks']],
  [{ embeddings: { ...fine.embeddings, works: false } }, ['warning embeddings_down']],
  [{ embeddings: { ...fine.embeddings, works: false, wanted: false } }, []],
  [{ embeddings: { ...fine.embeddings, behind: 501 } }, ['warning embeddings_behind']],
  [{ embeddings: { ...fine.embeddings, behind: 500 } }, []],
])('%j', (change, expected) => {
  expect(kinds(change)).toEqual(expected);
});

test('problems come before warnings, with how many they are', () => {
  const found = findAttention({ ...fine, failedTurns: 3, deadDeliveries: 1, failingJobs: 2 });
  expect(found.map(({ count, words }) => `${count} ${words}`)).toEqual([
    '2 2 jobs fail again and again, or can not run.',
    '1 1 delivery was given up.',
    '3 3 turns failed in the last hour.',
  ]);
});
