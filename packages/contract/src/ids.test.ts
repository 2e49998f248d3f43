import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BotId, ChatId, defaultBotId, TurnId } from './ids.ts';

describe.each([
  ['BotId', BotId],
  ['ChatId', ChatId],
])('%s', (_name, Id) => {
  test.each([
    ['empty', ''],
    ['the directory itself', '.'],
    ['the directory above', '..'],
    ['a slash', 'a/b'],
    ['nothing but a slash', '/'],
    ['a way up', '../other'],
    ['an absolute path', '/etc/passwd'],
    ['NUL', 'a\0b'],
    ['a lone high surrogate', 'a\uD83D'],
    ['a lone low surrogate', '\uDE00a'],
    ['surrogates in the wrong order', '\uDE00\uD83D'],
    ['256 bytes of ASCII', 'a'.repeat(256)],
    ['256 bytes of emoji', '😀'.repeat(64)],
    ['256 bytes of which the last character is half over', `${'a'.repeat(254)}é`],
  ])('refuses %s', (_what, id) => {
    expect(Id.safeParse(id).success).toBe(false);
  });

  test.each([[null], [undefined], [7], [['a']], [{}], [true]])('refuses %j', (value) => {
    expect(Id.safeParse(value).success).toBe(false);
  });

  test.each([
    ['a number', '123456789'],
    ['a negative number', '-1001234567890'],
    ['three dots', '...'],
    ['a hidden name', '.bashrc'],
    ['a space', ' '],
    ['spaces at both ends', ' a '],
    ['an emoji', '👩‍👩‍👧‍👦'],
    ['right to left', 'שלום\u202E'],
    ['composed', '\u00E9'],
    ['decomposed', 'e\u0301'],
    ['a line break', 'a\nb'],
    ['a backslash', 'a\\b'],
    ['a look-alike of a slash', 'a∕b'],
    ['what a shell would expand', '$(touch x) ~ * `id`'],
    ['an encoded slash', 'a%2Fb'],
    ['a name of every object', '__proto__'],
    ['255 bytes of ASCII', 'a'.repeat(255)],
    ['255 bytes of Chinese', '界'.repeat(85)],
    ['255 bytes, emoji last', `${'a'.repeat(251)}😀`],
  ])('takes %s as it is', (_what, id) => {
    expect(Id.parse(id)).toBe(id);
  });

  test('takes every Unicode text that can be one file name, unchanged, and nothing else', () => {
    const anyText = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), odd) });
    fc.assert(
      fc.property(anyText, (id) => {
        const parsed = Id.safeParse(id);
        expect(parsed.success).toBe(isFileName(id));
        if (parsed.success) expect(parsed.data).toBe(id);
      }),
      { numRuns: 200 },
    );
  });
});

const odd = fc.constantFrom('.', '/', '\0', '\uD800', '\uDC00', '😀'.repeat(20), 'é'.repeat(60));

/** What Linux takes as one name, and UTF-8 gives back unchanged; said in another way than the contract does. */
function isFileName(id: string): boolean {
  const bytes = Buffer.from(id, 'utf8');
  const comesBack = bytes.toString('utf8') === id;
  const reserved = bytes.includes(0x00) || bytes.includes(0x2f) || ['', '.', '..'].includes(id);
  return comesBack && !reserved && bytes.length <= 255;
}

test('an id that is refused is told why', () => {
  expect(ChatId.safeParse('a/b').error?.issues[0]?.message).toBe('must not contain "/"');
  expect(ChatId.safeParse('..').error?.issues[0]?.message).toBe('must not be "." or ".."');
  expect(ChatId.safeParse('').error?.issues[0]?.message).toBe('must not be empty');
  expect(ChatId.safeParse('a'.repeat(256)).error?.issues[0]?.message).toContain('255 bytes');
});

test('the default bot', () => {
  expect(defaultBotId).toBe('default');
});

test('a turn is named by a UUID', () => {
  expect(TurnId.safeParse('0195f0f4-6f5c-4a53-9a59-3a1d2f4e5b6c').success).toBe(true);
  expect(TurnId.safeParse('1').success).toBe(false);
});
