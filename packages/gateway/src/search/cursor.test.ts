import { GatewayError } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Waiting } from './engine/search-request.ts';

const search = { query: 'q', scope: { kind: 'chat', botId: undefined } };
const explain = {
  score: 0.016393,
  text: { rank: 1, bm25: -3.210987, terms: 2 },
  vector: { rank: 12, distance: 0.123456 },
  recency: 1.049999,
};

test('comes back as it was', () => {
  const waiting: Waiting[] = [
    [1, 0, 10, 0.25],
    [2, 900, 1_900, 1.5, explain],
  ];
  const text = encodeCursor(search, { mode: 'hybrid', waiting });
  expect(text).toMatch(/^[\w-]+$/);
  expect(decodeCursor(search, text)).toMatchObject({ mode: 'hybrid', waiting });
});

test('fits into an address, with as many hits as there can be', () => {
  const many = (count: number, more: Waiting[4][]): Waiting[] =>
    Array.from({ length: count }, (_, index) => {
      const place = [90_000 + ((index * 7_919) % 100_000), index * 13, index * 13 + 1_000] as const;
      const distance = Math.round(Math.abs(Math.sin(index)) * 1e6) / 1e6;
      const [said] = more;
      return said === undefined
        ? [...place, distance]
        : [...place, distance, { ...said, score: distance / 7, recency: 1 + distance / 20 }];
    });
  expect(encodeCursor(search, { mode: 'hybrid', waiting: many(199, []) }).length).toBeLessThan(
    4_500,
  );
  const explained = encodeCursor(search, { mode: 'hybrid', waiting: many(99, [explain]) });
  expect(explained.length).toBeLessThan(6_500);
});

test.each([
  ['nothing', ''],
  ['nonsense', 'x'],
  ['other JSON', 'q1YqzkgsSlWyMrSoBQA'],
  ['what unpacks to very much', Buffer.from('x'.repeat(9_000)).toString('base64url')],
])('%s is refused', (_what, text) => {
  expect(() => decodeCursor(search, text)).toThrow(GatewayError);
});

test('that of another search is refused', () => {
  const text = encodeCursor(search, { mode: 'text', waiting: [[1, 0, 1, 0]] });
  for (const other of [
    { ...search, query: 'other' },
    { ...search, scope: { kind: 'chat', botId: 'b' } },
  ])
    expect(() => decodeCursor(other, text)).toThrow('another search');
});
