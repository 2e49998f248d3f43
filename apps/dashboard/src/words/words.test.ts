import { describe, expect, test } from 'vitest';
import { chinese } from './chinese.ts';
import { english } from './english.ts';
import { preferredLanguage } from './words.ts';
import { agoOf, writingOf } from './writing.ts';

test.each([
  [null, 'en'],
  ['', 'en'],
  ['fr-FR,fr;q=0.9', 'en'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en;q=0.3, zh-TW;q=0.7', 'zh'],
  ['zh;q=0, en', 'en'],
  ['*;q=x,;;;', 'en'],
] as const)('%j would like %s', (wish, language) => {
  expect(preferredLanguage(wish)).toBe(language);
});

describe('times as seen from now', () => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  test.each([
    [0, 'now'],
    [-59_000, 'now'],
    [-61_000, '1 minute ago'],
    [-3 * 3600_000, '3 hours ago'],
    [-26 * 3600_000, 'yesterday'],
    [5 * 60_000, 'in 5 minutes'],
  ])('%d ms: %s', (ms, words) => {
    expect(agoOf('en-US', now + ms, now)).toBe(words);
  });

  test('what is no time is none, and what is no date is shown as it is', () => {
    expect(writingOf('en-US', now).ago('soon')).toBeUndefined();
    expect(writingOf('en-US', now).day('day 7')).toBe('day 7');
  });
});

test('nothing is said in one language alone', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  expect(shape(chinese)).toEqual(shape(english));
});
