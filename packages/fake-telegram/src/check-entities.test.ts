import { describe, expect, test } from 'vitest';
import { checkEntities } from './check-entities.ts';
import type { Entity } from './message.ts';

const at = (type: Entity['type'], offset: number, length: number, more: object = {}): Entity => ({
  type,
  offset,
  length,
  ...more,
});

describe('what is in order', () => {
  test.each<[string, string, Entity[]]>([
    ['none', 'text', []],
    ['side by side', 'ab', [at('bold', 0, 1), at('italic', 1, 1)]],
    ['one in another', 'abc', [at('bold', 0, 3), at('italic', 1, 1)]],
    ['around the same', 'abc', [at('bold', 0, 3), at('italic', 0, 3)]],
    ['in UTF-16 units', '😀a', [at('bold', 2, 1)]],
    ['code in a quote', 'a b', [at('blockquote', 0, 3), at('pre', 2, 1)]],
    ['a link', 'a', [at('text_link', 0, 1, { url: 'https://x.org' })]],
  ])('%s', (_what, text, entities) => {
    expect(checkEntities(text, entities)).toBeUndefined();
  });
});

describe('what is refused', () => {
  test.each<[string, string, Entity[], RegExp]>([
    ['after the end', 'ab', [at('bold', 1, 2)], /ends after the end of the text/],
    ['nothing', 'ab', [at('bold', 1, 0)], /incorrect bounds/],
    ['before the beginning', 'ab', [at('bold', -1, 2)], /incorrect bounds/],
    ['from within a character', '😀', [at('bold', 1, 1)], /begins in a middle/],
    ['to within a character', 'a😀', [at('bold', 0, 2)], /ends in a middle/],
    ['blanks', 'a b', [at('bold', 1, 1)], /blanks/],
    ['a blank at the end', 'a b', [at('bold', 0, 2)], /blanks/],
    ['crossing', 'abc', [at('bold', 0, 2), at('italic', 1, 2)], /cross/],
    ['twice the same', 'abc', [at('bold', 0, 3), at('bold', 1, 1)], /of its kind/],
    ['bold code', 'abc', [at('bold', 0, 3), at('code', 1, 1)], /style on code/],
    [
      'linked code',
      'abc',
      [at('text_link', 0, 3, { url: 'https://x.org' }), at('code', 1, 1)],
      /nested/,
    ],
    [
      'a quote in a quote',
      'abc',
      [at('blockquote', 0, 3), at('expandable_blockquote', 0, 1)],
      /quote within/,
    ],
    ['bold around a quote', 'abc', [at('bold', 0, 3), at('blockquote', 1, 1)], /around a quote/],
    ['a link to nowhere', 'a', [at('text_link', 0, 1, { url: './x' })], /URL/],
    [
      'too many',
      'a'.repeat(101),
      Array.from({ length: 101 }, (_, n) => at('bold', n, 1)),
      /more than 100/,
    ],
  ])('%s', (_what, text, entities, words) => {
    expect(checkEntities(text, entities)).toMatch(words);
  });
});
