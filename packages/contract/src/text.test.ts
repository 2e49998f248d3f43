import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nonBlankText, plainText, utf8Length } from './text.ts';

describe('plainText', () => {
  test.each([
    ['NUL', 'a\0b'],
    ['a lone high surrogate at the end', 'a\uD83D'],
    ['a lone high surrogate before text', '\uD83Da'],
    ['a lone low surrogate at the start', '\uDE00a'],
    ['two high surrogates before one low', '\uD83D\uD83D\uDE00'],
    ['one high surrogate before two low', '\uD83D\uDE00\uDE00'],
  ])('refuses %s', (_what, text) => {
    expect(plainText.safeParse(text).success).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['emoji side by side', '😀😀'],
    ['control characters', '\u0001\u001B[31m\u007F'],
    ['a byte order mark', '\uFEFFa'],
    ['the last code point', '\u{10FFFF}'],
  ])('takes %s as it is', (_what, text) => {
    expect(plainText.parse(text)).toBe(text);
  });

  test('takes a text exactly when UTF-8 gives it back and it has no NUL', () => {
    const units = fc.array(fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0xd83d, 0xde00)));
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        const survives = Buffer.from(text, 'utf8').toString('utf8') === text;
        expect(plainText.safeParse(text).success).toBe(survives && !codes.includes(0));
      }),
      { numRuns: 500 },
    );
  });
});

describe('nonBlankText', () => {
  test.each(['', ' ', '\n', '\t \r\n', '\u3000', '\u00A0', '\uFEFF'])('refuses %j', (text) => {
    expect(nonBlankText.safeParse(text).success).toBe(false);
  });

  test('refuses what plainText refuses', () => {
    expect(nonBlankText.safeParse('a\0').success).toBe(false);
    expect(nonBlankText.safeParse('a\uD83D').success).toBe(false);
  });

  test('leaves the white space around a text alone', () => {
    expect(nonBlankText.parse('  a\n')).toBe('  a\n');
  });
});

test('lengths are those of UTF-8', () => {
  expect(utf8Length('')).toBe(0);
  expect(utf8Length('aé界😀')).toBe(1 + 2 + 3 + 4);
});
