import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PrintableText, printableLine } from './printable-text.ts';

const clean = (...pieces: string[]): string => {
  const printable = new PrintableText();
  return pieces.map((piece) => printable.clean(piece)).join('');
};

describe('what a terminal would act on is left out', () => {
  test.each([
    ['a colour', 'a\u001b[31mred\u001b[0m!', 'ared!'],
    ['clearing the screen', '\u001b[2J\u001b[Hgone', 'gone'],
    ['a window title, ended by BEL', '\u001b]0;evil\u0007text', 'text'],
    ['a link, ended by ST', '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['the clipboard', 'x\u001b]52;c;ZXZpbA==\u0007y', 'xy'],
    ['a device control string', '\u001bP+q544e\u001b\\z', 'z'],
    ['a character set', '\u001b(0qqq', 'qqq'],
    ['C1 forms', '\u009b31mred\u009d0;t\u009cx', 'redx'],
    ['carriage return and backspace', 'good\rbad\bx', 'goodbadx'],
    ['bell, NUL and DEL', '\u0007\u0000\u007fx', 'x'],
  ])('%s', (_what, text, shown) => {
    expect(clean(text)).toBe(shown);
  });
});

test('newline, tab and everything that can be read stays', () => {
  const text = 'Zeile\n\tçé 你好 👩‍💻 — `code` [31m ]0; ✓\n';
  expect(clean(text)).toBe(text);
});

test('a sequence cut into two pieces is still one', () => {
  expect(clean('a\u001b', '[3', '1mb')).toBe('ab');
  expect(clean('a\u001b]0;ti', 'tle\u0007b')).toBe('ab');
});

test('a sequence that never ends does not swallow the lines after it', () => {
  expect(clean('a\u001b]0;no end\nstill here')).toBe('a\nstill here');
  expect(clean('a\u001b[31\nstill here')).toBe('a\nstill here');
});

test('whatever comes, cut wherever: no control character passes', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '\u009b',
      '\u0007',
      '\\',
      '3',
      'm',
      'P',
      '\r',
      'x',
      '\n',
    ),
  });
  fc.assert(
    fc.property(fc.array(nasty), (pieces) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(clean(...pieces)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      expect(clean(...pieces)).toBe(clean(pieces.join('')));
    }),
  );
});

test('a line is one line', () => {
  expect(printableLine(' a\n\tb\u001b[1m c\r\nd ')).toBe('a b c d');
});
