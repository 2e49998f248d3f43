import { expect, test } from 'vitest';
import { plainOf } from './blocks.ts';
import { readBlocks } from './read-blocks.ts';

test('styles, links and breaks are runs of text', () => {
  const [block] = readBlocks('a **b *c*** `d`\\\n[e](https://x.org) [f](mailto:g@x.org) ~~h~~');
  expect(block).toMatchObject({ kind: 'paragraph' });
  const content = block?.kind === 'paragraph' ? block.content : [];
  expect(plainOf(content)).toBe('a b c d e f h');
  expect(content).toContainEqual(expect.objectContaining({ text: 'c', bold: true, italic: true }));
  expect(content).toContainEqual(expect.objectContaining({ text: 'e', href: 'https://x.org/' }));
  expect(content).toContainEqual(expect.objectContaining({ text: 'h', strike: true }));
  expect(content.filter((each) => each.kind === 'text' && each.href !== undefined)).toHaveLength(1);
});

test('lists keep their numbers and ticks, tables their columns', () => {
  expect(readBlocks('3. a\n4. [x] b')).toMatchObject([
    { kind: 'list', start: 3, items: [{}, { done: true }] },
  ]);
  expect(readBlocks('| a | b |\n|--:|:-:|\n| 1 | |')).toMatchObject([
    { kind: 'table', aligns: ['right', 'center'], rows: [[[{ text: '1' }], []]] },
  ]);
});

test.each([
  ['lists', (n: number) => `${'  '.repeat(n)}- level ${n}`],
  ['quotes', (n: number) => `${'> '.repeat(n)}level ${n}`],
])('nothing is lost behind %s of any depth', (_what, lineOf) => {
  for (const depth of [5, 12, 40, 60, 150]) {
    const lines = Array.from({ length: depth }, (_, n) => lineOf(n)).join('\n');
    const text = JSON.stringify(readBlocks(`${lines}\n\nthe end`));
    expect(text).toContain('the end');
    expect(text).toContain(`level ${depth - 1}`);
  }
});
