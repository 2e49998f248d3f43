import type { Explanation, MemoryHit } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { fitting, matters } from './recall.ts';

const hit = (content: string, explain?: Partial<Explanation>): MemoryHit => ({
  id: 1,
  key: 'key',
  content,
  category: 'general',
  created_at: '',
  updated_at: '',
  bot_id: 'b',
  distance: 0,
  explain: { score: 0, text: null, vector: null, recency: 1, ...explain },
});

test('what has a word of the message matters, or a meaning near to it', () => {
  expect(matters(hit('x', { text: { rank: 1, bm25: -1, terms: 1 } }))).toBe(true);
  expect(matters(hit('x', { vector: { rank: 1, distance: 0.4 } }))).toBe(true);
  expect(matters(hit('x', { vector: { rank: 1, distance: 0.7 } }))).toBe(false);
});

test('as many as there is room for, each whole', () => {
  const notes = fitting([hit('short'), hit('long '.repeat(50)), hit('also\n\nshort')], 70);
  expect(notes).toEqual(['- key (general): short', '- key (general): also\n  short']);
  expect(fitting([hit('x')], 5)).toEqual([]);
});
