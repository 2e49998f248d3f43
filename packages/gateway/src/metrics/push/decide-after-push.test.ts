import { describe, expect, test } from 'vitest';
import { decideAfterPush, type PushAnswer } from './decide-after-push.ts';

const answered = (status: number, retryAfterMs?: number): PushAnswer => ({
  kind: 'answered',
  status,
  words: 'words',
  retryAfterMs,
});
const unreachable: PushAnswer = { kind: 'unreachable', words: 'connect ECONNREFUSED' };

test.each([200, 201, 204])('status %d: they have arrived', (status) => {
  expect(decideAfterPush(answered(status), 1, 0)).toMatchObject({ kind: 'done', pushed: true });
});

test.each([
  [301, 'DASHBOARD_PUSH_URL'],
  [400, 'DASHBOARD_PUSH_URL'],
  [401, 'METRICS_SECRET'],
  [403, 'METRICS_SECRET'],
  [404, 'DASHBOARD_PUSH_URL'],
  [409, 'newer'],
  [413, 'status 413: words'],
])('status %d is final, and says what to do', (status, words) => {
  expect(decideAfterPush(answered(status), 1, 0)).toEqual({
    kind: 'done',
    pushed: false,
    detail: expect.stringContaining(words),
  });
});

describe.each([unreachable, answered(500), answered(503), answered(408), answered(429)])(
  '%o is tried again',
  (answer) => {
    test('after longer and longer pauses, from half of one to all of it', () => {
      const pauses = (random: number) =>
        [1, 2, 3, 4].map((attempts) => decideAfterPush(answer, attempts, random));
      expect(pauses(0)).toEqual([500, 1000, 2000, 4000].map((ms) => ({ kind: 'wait', ms })));
      expect(pauses(1)).toEqual([1000, 2000, 4000, 8000].map((ms) => ({ kind: 'wait', ms })));
    });

    test('and given up after five attempts', () => {
      expect(decideAfterPush(answer, 5, 0)).toEqual({
        kind: 'done',
        pushed: false,
        detail: expect.stringContaining('tried 5 times'),
      });
    });
  },
);

test('the dashboard is waited for as long as it asks, but not for ever', () => {
  expect(decideAfterPush(answered(429, 30_000), 1, 1)).toEqual({ kind: 'wait', ms: 30_000 });
  expect(decideAfterPush(answered(429, 0), 1, 1)).toEqual({ kind: 'wait', ms: 1000 });
  expect(decideAfterPush(answered(503, 3_600_000), 1, 1)).toEqual({
    kind: 'done',
    pushed: false,
    detail: expect.stringContaining('3600 s'),
  });
});
