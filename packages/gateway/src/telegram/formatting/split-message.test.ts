import { checkEntities } from '@mini-claude-bot/fake-telegram';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestMessage, mostEntities, type TelegramEntity } from '../entities.ts';
import { formatMarkdown, formatPlain } from './format-markdown.ts';
import type { Run } from './run.ts';
import { splitMessage } from './split-message.ts';

const markdownOf = (markdown: string) => splitMessage(formatMarkdown(markdown));
const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '**',
        '*',
        '_',
        '~~',
        '`',
        '```\n',
        '```js\n',
        '||',
        '|',
        '\n',
        '\n\n',
        '> ',
        '>> ',
        '- ',
        '  - ',
      ],
      ...[
        '1. ',
        '- [ ] ',
        '# ',
        '[',
        '](https://a.org)',
        '](b)',
        '![',
        '| a | b |\n|---|--:|\n',
        '\t',
        '    ',
      ],
      ...[
        '***',
        '---\n',
        '<b>',
        '&amp;',
        '\\',
        '👨‍👩‍👧‍👦',
        '好',
        '\ud83d',
        '\u200b',
        'https://x.org ',
        '[a]: b\n',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 6000 }).map((n) => 'word '.repeat(n / 5)) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 6000 }).map((n) => '😀'.repeat(n / 2)) },
  { weight: 1, arbitrary: fc.integer({ min: 50, max: 300 }).map((n) => '**b** `c` '.repeat(n)) },
);
const anyMarkdown = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('any text', () => {
  const check = (runs: readonly Run[]): void => {
    const messages = splitMessage(runs);
    // Nothing that is seen is lost, changed, or told twice; between two messages are blanks alone.
    const whole = textOf(runs);
    let at = 0;
    for (const { text } of messages) {
      const found = whole.indexOf(text, at);
      expect(found).toBeGreaterThanOrEqual(at);
      expect(whole.slice(at, found).trim()).toBe('');
      at = found + text.length;
    }
    expect(whole.slice(at).trim()).toBe('');
    for (const { text, entities } of messages) {
      expect(text.length).toBeLessThanOrEqual(longestMessage);
      expect(text.trim()).not.toBe('');
      expect(text).toBe(text.trimEnd());
      expect(Buffer.from(text).toString()).toBe(text);
      expect(checkEntities(text, entities)).toBeUndefined();
    }
  };

  test('as Markdown, it becomes messages that Telegram takes, with all that is seen of it', () => {
    fc.assert(
      fc.property(anyMarkdown, (markdown) => check(formatMarkdown(markdown))),
      { numRuns: 300 },
    );
  });

  test('as it is, too', () => {
    fc.assert(
      fc.property(anyMarkdown, (text) => check(formatPlain(text))),
      { numRuns: 100 },
    );
  });
});

describe('where it breaks', () => {
  const paragraph = 'These are some words that fill a paragraph up. '.repeat(20).trim();

  test('between paragraphs', () => {
    const messages = markdownOf(Array.from({ length: 12 }, () => paragraph).join('\n\n'));
    expect(messages.length).toBeGreaterThan(2);
    for (const { text } of messages) expect(text.endsWith('up.')).toBe(true);
    expect(messages.map(({ text }) => text).join('\n\n')).toBe(
      Array.from({ length: 12 }, () => paragraph).join('\n\n'),
    );
  });

  test('else between words, and only where there are none inside of one', () => {
    for (const { text } of markdownOf('wörter '.repeat(2000))) expect(text).toMatch(/wörter$/);
    const [first] = markdownOf('x'.repeat(5000));
    expect(first?.text).toHaveLength(longestMessage);
  });

  test('never inside a character that is made of several', () => {
    const family = '👨‍👩‍👧‍👦';
    for (const { text } of markdownOf(`x${family.repeat(1000)}`)) {
      expect(text.replace(/^x/, '').replaceAll(family, '')).toBe('');
    }
  });

  test('not in a short piece of code, if it can be helped', () => {
    const code = `\`\`\`\n${'let a = 1;\n'.repeat(40)}\`\`\``;
    const messages = markdownOf(`${`${paragraph}\n\n`.repeat(4)}${code}`);
    expect(
      messages.map(({ entities }) => entities.filter(({ type }) => type === 'pre').length),
    ).toEqual([0, 1]);
  });
});

describe('what is open goes on', () => {
  test.each([
    ['code', `\`\`\`ts\n${'const a = 1;\n'.repeat(800)}\`\`\``, { type: 'pre', language: 'ts' }],
    ['bold', `**${'bold words '.repeat(900).trim()}**`, { type: 'bold' }],
    ['a link', `[${'words '.repeat(1500).trim()}](https://x.org)`, { type: 'text_link' }],
    ['a quote', `> ${'words '.repeat(1500).trim()}`, { type: 'expandable_blockquote' }],
  ])('%s', (_what, markdown, style) => {
    const messages = markdownOf(markdown);
    expect(messages.length).toBeGreaterThan(1);
    for (const { text, entities } of messages) {
      expect(entities).toEqual([
        expect.objectContaining({ ...style, offset: 0, length: text.length }),
      ]);
    }
  });
});

test('more styles than a message may have go into the next one; of very many the last are left out', () => {
  const many = markdownOf('some words and `code`, '.repeat(150));
  expect(many.length).toBe(2);
  expect(many.flatMap(({ entities }): readonly TelegramEntity[] => entities)).toHaveLength(150);
  const dense = markdownOf('`a` '.repeat(300));
  expect(dense.map(({ entities }) => entities.length)).toEqual([mostEntities]);
});

test('a text of nothing but blanks has no messages', () => {
  expect(markdownOf(' \n\n ')).toEqual([]);
  expect(markdownOf('')).toEqual([]);
});
