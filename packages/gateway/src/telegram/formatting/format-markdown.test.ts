import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StyledText } from '../telegram.ts';
import { formatMarkdown } from './format-markdown.ts';
import { splitMessage } from './split-message.ts';

const shown = (markdown: string): StyledText => {
  const [message] = splitMessage(formatMarkdown(markdown));
  return message ?? { text: '', entities: [] };
};
const textOf = (markdown: string): string => shown(markdown).text;
/** `bold: words` of each entity. */
const stylesOf = (markdown: string): string[] => {
  const { text, entities } = shown(markdown);
  return entities.map(
    ({ type, offset, length }) => `${type}: ${text.slice(offset, offset + length)}`,
  );
};

describe('words', () => {
  test.each([
    [
      '**a** *b* _c_ ~~d~~ `e` ||f||',
      ['bold: a', 'italic: b', 'italic: c', 'strikethrough: d', 'code: e', 'spoiler: f'],
    ],
    ['***both***', ['bold: both', 'italic: both']],
    ['**bold `code` bold**', ['bold: bold', 'code: code', 'bold: bold']],
    ['# Title with **bold**', ['bold: Title with bold']],
    ['**注意：**请看', ['bold: 注意：']],
    ['~~删除。~~后', ['strikethrough: 删除。']],
    ['if (a || b || c) and a||b||c', []],
    ['||the ~~end~~||', ['spoiler: the end', 'strikethrough: end']],
    ['||hidden `code`||', ['spoiler: hidden code']],
    ['[a `b`](https://x.org/y)', ['text_link: a b']],
    ['[**a** b](https://x.org) **c**', ['text_link: a b', 'bold: a', 'bold: c']],
    ['<b>not bold</b>', []],
    ['snake_case_name and 2*3*4', ['italic: 3']],
  ])('%s', (markdown, styles) => {
    expect(stylesOf(markdown).toSorted()).toEqual(styles.toSorted());
  });

  test('what is not a style is seen as it was written', () => {
    expect(textOf('<b>x</b> &amp; a||b||c 5 > 3')).toBe('<b>x</b> & a||b||c 5 > 3');
    expect(textOf('one\ntwo  \nthree')).toBe('one\ntwo\nthree');
  });
});

describe('links', () => {
  test('an address stays one, and words lead to it', () => {
    expect(shown('[docs](https://x.org/a?b=1#c)').entities).toEqual([
      { type: 'text_link', url: 'https://x.org/a?b=1#c', offset: 0, length: 4 },
    ]);
    expect(shown('<https://x.org>')).toEqual({ text: 'https://x.org', entities: [] });
  });

  test.each([
    ['[file](./src/a.ts)', 'file (./src/a.ts)'],
    ['[local](http://localhost:8000)', 'local (http://localhost:8000)'],
    ['[mail](mailto:a@b.org)', 'mail (mailto:a@b.org)'],
  ])('where Telegram follows no link, the address is told: %s', (markdown, text) => {
    expect(shown(markdown)).toEqual({ text, entities: [] });
  });

  test('a picture becomes a link to itself', () => {
    expect(stylesOf('![A cat](https://x.org/cat.png)')).toEqual(['text_link: A cat']);
    expect(textOf('![](https://x.org/cat.png)')).toBe('https://x.org/cat.png');
  });
});

describe('blocks', () => {
  test('nested lists keep their levels and numbers', () => {
    expect(textOf('- a\n- b\n  - c\n    1. d\n    2. e\n- f')).toBe(
      '• a\n• b\n   • c\n      1. d\n      2. e\n• f',
    );
    expect(textOf('7. seven\n8. eight')).toBe('7. seven\n8. eight');
  });

  test('tasks have boxes', () => {
    expect(textOf('- [ ] open\n- [x] **done**\n- [ ]\n\n1. [X] numbered')).toBe(
      '☐ open\n☑ done\n☐ \n\n1. ☑ numbered',
    );
    expect(stylesOf('- [x] **done**')).toEqual(['bold: done']);
  });

  test('code keeps its language and its indentation, also in a list', () => {
    const { text, entities } = shown('- run\n  ```py title="x"\n  if a:\n      b()\n  ```\n- then');
    expect(text).toBe('• run\nif a:\n    b()\n• then');
    expect(entities).toEqual([{ type: 'pre', language: 'py', offset: 6, length: 13 }]);
    expect(shown('```\n\tx\n```').text).toBe('    x');
  });

  test('a quote keeps what is in it; a long one is folded', () => {
    expect(stylesOf('> one\n>\n> two `x`\n\nafter')).toEqual([
      'blockquote: one\n\ntwo x',
      'code: x',
    ]);
    expect(textOf('> outer\n> > inner\n> > more')).toBe('outer\n\n│ inner\n│ more');
    expect(stylesOf(`> ${'long '.repeat(200)}`)[0]).toMatch(/^expandable_blockquote: long/);
  });

  test('a table stands in columns, with Chinese counted as it is wide', () => {
    const markdown =
      '| 名字 | **n** |\n|---|--:|\n| 张三 | 5 |\n| Bob | 1234 |\n| 👨‍👩‍👧 | `x|y` |';
    expect(textOf(markdown.replace('`x|y`', '`x`'))).toBe(
      '名字 │    n\n─────┼─────\n张三 │    5\nBob  │ 1234\n👨‍👩‍👧   │    x'.replaceAll(
        '─────┼─────',
        '─────┼─────',
      ),
    );
    expect(shown(markdown).entities.map(({ type }) => type)).toEqual(['pre']);
  });

  test('whatever stands in a table, its columns stand one below the other', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'W', '7', '好', '的', '，', 'ｗ', '한'),
      maxLength: 12,
    });
    // Counted apart from the code: what is wide in a monospaced font takes two places.
    const width = (text: string): number =>
      [...text].reduce((sum, each) => sum + (/[aW7 \u00a0│]/.test(each) ? 1 : 2), 0);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 6 }),
        fc.constantFrom('---', ':--', '--:', ':-:'),
        (rows, rule) => {
          const lines = rows.map((row) => `| ${row.map((each) => each || 'a').join(' | ')} |`);
          const text = textOf(
            [lines[0], `|${rule}|${rule}|${rule}|`, ...lines.slice(1)].join('\n'),
          );
          const [header = '', line = '', ...body] = text.split('\n');
          const placesIn = (each: string): number[] =>
            each
              .split('│')
              .slice(0, -1)
              .map((_, n, all) => width(all.slice(0, n + 1).join('│')));
          const places = placesIn(header);
          expect(places).toHaveLength(2);
          for (const each of body) expect(placesIn(each)).toEqual(places);
          expect([...line].flatMap((each, n) => (each === '┼' ? [n] : []))).toEqual(places);
        },
      ),
    );
  });

  test('a table whose first column has no header keeps its place', () => {
    expect(textOf('| | a |\n|---|---|\n| x | 1 |')).toBe('\u00a0 │ a\n──┼──\nx │ 1');
  });
});

test('characters that Telegram changes are changed before it counts them', () => {
  expect(textOf('a\u0007b\u202ec\u2028d\ud83d')).toBe('a bc\nd\ufffd');
});
