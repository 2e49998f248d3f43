import { describe, expect, test } from 'vitest';
import { reportDefinition } from '../definitions/definition.ts';
import { jsonIn } from './json-in.ts';
import { readAnswer } from './read-answer.ts';
import { reportSchema } from './report-schema.ts';
import { hasLinks, withoutTextLinks } from './text-links.ts';

const definition = reportDefinition.parse({
  language: 'en',
  title: 'Paper',
  time: '09:00',
  zone: 'UTC',
  sections: [
    { id: 'news', title: 'News', instructions: 'x' },
    { id: 'word', title: 'Word', instructions: 'x', form: 'quotation', links: 'welcome' },
    { id: 'list', title: 'List', instructions: 'x', form: 'table' },
  ],
});
const url = 'https://example.org/a';
const item = { text: 'It is so.', links: [{ title: 'A', url }] };

const whyOf = (id: string, section: object): string => {
  const read = readAnswer({ sections: [{ id, ...section }] }, definition, [id]).sections.get(id);
  return read?.kind === 'unusable' ? read.why : '';
};

describe('a section by itself', () => {
  test.each([
    ['news', { items: [item] }, ''],
    ['news', { items: [] }, 'a section needs an item'],
    ['news', { items: [{ text: 'So.', links: [] }] }, 'nothing in it says where it was read'],
    ['news', { items: [{ ...item, links: [{ title: 'A', url: 'http://example.org' }] }] }, 'url'],
    ['news', { items: [{ ...item, more: 1 }] }, 'more'],
    [
      'news',
      { items: [{ ...item, text: 'See [a][b].\n\n[b]: https://example.org/b' }] },
      'links in a text',
    ],
    ['word', { items: [item] }, 'it has no quotation'],
    ['word', { items: [], quotation: { text: 'So.', author: 'X' } }, ''],
    ['word', { items: [], quotation: { text: 'So.', author: ' ' } }, 'author'],
    ['list', { items: [item] }, 'it has no table'],
  ])('%s %j', (id, section, expected) => {
    const why = whyOf(id, section);
    if (expected === '') expect(why).toBe('');
    else expect(why).toContain(expected);
  });

  test('takes no other with it', () => {
    const answer = {
      headline: 7,
      summary: 'no',
      sections: [{ id: 'news', items: [item] }, 5, { id: 'word' }],
    };
    const read = readAnswer(answer, definition, ['news', 'word', 'list']);
    expect(read).toMatchObject({ headline: undefined, summary: [] });
    expect([...read.sections.values()].map(({ kind }) => kind)).toEqual([
      'written',
      'unusable',
      'unusable',
    ]);
  });
});

test('links in a text stand with the others afterwards', () => {
  const text =
    '**Look** [here](https://example.org/b "t") and <https://example.org/c>, ![a picture](https://x.org/p.png), [in](http://10.0.0.1/)';
  const moved = withoutTextLinks({ text, links: [] });
  expect(moved).toEqual({
    text: '**Look** here and example.org, a picture, in',
    links: [
      { title: 'here', url: 'https://example.org/b' },
      { title: 'example.org', url: 'https://example.org/c' },
    ],
  });
  expect(hasLinks('[a](javascript:alert(1)) `[b](https://x.org)`')).toBe(false);
});

test('a report that came as text is found in it', () => {
  expect(jsonIn('Here: ```json\n{"a": {"b": 1}}\n``` Bye')).toEqual({ a: { b: 1 } });
  expect(jsonIn('no } braces {')).toBeUndefined();
});

test('Claude is given a schema without references, in which every object is closed', () => {
  const text = JSON.stringify(reportSchema());
  expect(text).not.toContain('$ref');
  expect(text).toContain('"additionalProperties":false');
});
