import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunksOf } from './chunks.ts';

describe('chunksOf', () => {
  test('cuts by word, spaces first', () => {
    expect(chunksOf('one two\n\nthree ', { by: 'word' })).toEqual([
      'one',
      ' two',
      '\n\nthree',
      ' ',
    ]);
  });

  test('cuts Han text into a character or two', () => {
    expect(chunksOf('你好世界 hi', { by: 'word' })).toEqual(['你好', '世界', ' hi']);
  });

  test('cuts by characters without tearing one apart', () => {
    expect(chunksOf('a🙂b🙂c', { by: 'characters', count: 2 })).toEqual(['a🙂', 'b🙂', 'c']);
  });

  test('loses nothing', () => {
    const chunking = fc.oneof(
      fc.constant({ by: 'word' } as const),
      fc.record({ by: fc.constant('characters' as const), count: fc.integer({ min: 1, max: 9 }) }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), chunking, (text, how) => {
        expect(chunksOf(text, how).join('')).toBe(text);
      }),
    );
  });
});
