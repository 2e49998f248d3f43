import { expect, test } from 'vitest';
import { fold, termOf } from './fold.ts';

test.each([
  ['CAFÉ', 'cafe'],
  ['e\u0301', 'e'],
  ['Straße', 'strasse'],
  ['ＡＢＣ１', 'abc1'],
  ['ｶﾅ', 'カナ'],
  ['ﬁn', 'fin'],
  ['Ёлка', 'елка'],
  // Its mark makes another sound of it.
  ['ガ', 'ガ'],
  ['한국', '한국'],
])('%s is compared as %s', (word, folded) => {
  expect(fold(word)).toBe(folded);
});

test.each([
  ['Connections', 'connecting'],
  ['umbrella', 'umbrellas'],
])('%s and %s are the same term', (one, other) => {
  expect(termOf(one)).toBe(termOf(other));
});

test.each(['ls', '你好', 'été2'])('%s has no English ending', (word) => {
  expect(termOf(word)).toBe(fold(word));
});
