import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, shortened } from './cut-text.ts';

test('what fits stays', () => {
  expect(cutText('tea', 3)).toBe('tea');
  expect(shortened('tea', 3)).toBe('tea');
  expect(shortened('teas', 3)).toBe('tea…');
});

test('no character is cut in half', () => {
  expect(cutText('a😀b', 2)).toBe('a');
  expect(cutText('a😀b', 3)).toBe('a😀');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, most) => {
      const cut = cutText(text, most);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(most);
      expect(Buffer.from(cut).toString()).toBe(cut);
    }),
  );
});
