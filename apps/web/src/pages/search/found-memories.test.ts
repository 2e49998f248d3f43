import type { MemoryHit } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { isAbout } from './found-memories.ts';

const hit = (distance: number, text: { rank: number; bm25: number; terms: number } | null) =>
  ({
    id: 1,
    key: 'tea',
    content: 'green, without sugar',
    category: 'general',
    created_at: '2026-11-24T10:00:00Z',
    updated_at: '2026-11-24T10:00:00Z',
    bot_id: 'default',
    distance,
    explain: { score: 0.01, text, vector: { rank: 1, distance }, recency: 1 },
  }) satisfies MemoryHit;

test('a memory that has the words is shown, however far off its meaning is', () => {
  expect(isAbout(hit(0.9, { rank: 1, bm25: -2, terms: 1 }))).toBe(true);
});

test('without the words it is shown only when its meaning is near', () => {
  expect(isAbout(hit(0.3, null))).toBe(true);
  expect(isAbout(hit(0.7, null))).toBe(false);
});
