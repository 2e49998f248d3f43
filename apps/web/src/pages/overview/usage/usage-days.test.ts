import type { DailyActivity } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { largestModels, shortModel, usageDays } from './usage-days.ts';

const tokens = (input_tokens: number) => ({
  input_tokens,
  output_tokens: 1,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
});
const activity: DailyActivity[] = [
  {
    date: '2026-02-27',
    messages: 4,
    sessions: 1,
    requests: 3,
    cost_usd: 0.5,
    tokens: { large: tokens(99), small: tokens(9), rare: tokens(4), odd: tokens(1) },
  },
  { date: '2026-01-01', messages: 1, sessions: 1, requests: 1, cost_usd: 9, tokens: {} },
];

test('each of the last days is there, also over the end of a month, and no older one', () => {
  const days = usageDays(activity, '2026-03-01', 4, 'cost', []);
  expect(days.map(({ date, total }) => [date, total])).toEqual([
    ['2026-02-26', 0],
    ['2026-02-27', 0.5],
    ['2026-02-28', 0],
    ['2026-03-01', 0],
  ]);
});

test('models that are told apart have their parts, all others one together', () => {
  const [day] = usageDays(activity, '2026-02-27', 1, 'tokens', ['large', 'small', 'unused']);
  expect(day?.parts).toEqual([
    { model: 'large', value: 100 },
    { model: 'small', value: 10 },
    { model: undefined, value: 7 },
  ]);
  expect(day?.total).toBe(117);
});

test('the models with the most tokens are told apart', () => {
  const usage = (input: number) => ({ ...tokens(input), requests: 1, cost_usd: null });
  const model_usage = { a: usage(1), b: usage(3), c: usage(2), d: usage(9) };
  expect(largestModels({ model_usage })).toEqual(['d', 'b', 'c']);
});

test.each([
  ['claude-opus-4-5-20251101', 'opus-4-5'],
  ['some-model', 'some-model'],
])('%s is shown as %s', (model, shown) => {
  expect(shortModel(model)).toBe(shown);
});
