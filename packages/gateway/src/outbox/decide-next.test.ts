import { describe, expect, test } from 'vitest';
import type { CallFailure } from '../telegram/telegram.ts';
import { decideNext, type Situation } from './decide-next.ts';

const now = 1_000_000;
const situation = (failure: CallFailure, more: Partial<Situation> = {}): Situation => ({
  failure,
  attempts: 0,
  sentTo: '7',
  styled: true,
  now,
  random: 1,
  ...more,
});
const offline = { kind: 'unreachable', taken: false, words: 'ECONNREFUSED' } as const;

describe('what comes after a failed attempt', () => {
  test.each<[string, CallFailure, Partial<Situation>, object]>([
    [
      'told to wait',
      { kind: 'rate_limited', retryAfterMs: 7000, words: '' },
      {},
      { kind: 'wait', until: now + 7250, attempts: 0, wholeBot: true, doubtful: false },
    ],
    [
      'not reached',
      offline,
      {},
      { kind: 'wait', until: now + 1000, attempts: 1, wholeBot: false, doubtful: false },
    ],
    [
      'no answer',
      { kind: 'unreachable', taken: true, words: '' },
      {},
      { kind: 'wait', doubtful: true },
    ],
    [
      'a fault of Telegram',
      { kind: 'server_error', status: 502, words: '' },
      {},
      { kind: 'wait', doubtful: true, setback: { reason: 'telegram_error' } },
    ],
    ['refused with styles', { kind: 'rejected', status: 400, words: '' }, {}, { kind: 'plain' }],
    [
      'refused without',
      { kind: 'rejected', status: 400, words: 'why' },
      { styled: false },
      { kind: 'give_up', setback: { reason: 'rejected' } },
    ],
    [
      'too large',
      { kind: 'rejected', status: 413, words: '' },
      { styled: false },
      { kind: 'give_up' },
    ],
    [
      'blocked',
      { kind: 'forbidden', words: '' },
      {},
      { kind: 'give_up', setback: { reason: 'forbidden' } },
    ],
    [
      'wrong token',
      { kind: 'token_refused', words: '' },
      {},
      { kind: 'give_up', setback: { reason: 'token_refused' } },
    ],
    ['moved', { kind: 'moved', to: -100, words: '' }, {}, { kind: 'follow', to: '-100' }],
    ['moved to itself', { kind: 'moved', to: 7, words: '' }, {}, { kind: 'give_up' }],
  ])('%s', (_what, failure, more, step) => {
    expect(decideNext(situation(failure, more))).toMatchObject(step);
  });
});

test('pauses double up to five minutes, half of them by chance', () => {
  const pause = (attempts: number, random: number): number => {
    const step = decideNext(situation(offline, { attempts, random }));
    return step.kind === 'wait' ? step.until - now : Number.NaN;
  };
  expect([0, 1, 2, 8, 9, 200].map((n) => pause(n, 1))).toEqual([
    1000, 2000, 4000, 256_000, 300_000, 300_000,
  ]);
  expect(pause(3, 0)).toBe(4000);
});

test('after about a day it is given up, with words that say why', () => {
  expect(decideNext(situation(offline, { attempts: 298 })).kind).toBe('wait');
  expect(decideNext(situation(offline, { attempts: 299 }))).toMatchObject({
    kind: 'give_up',
    setback: { reason: 'unreachable', detail: expect.stringContaining('300 times') },
  });
});
