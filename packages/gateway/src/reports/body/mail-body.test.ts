import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportContent } from '../content.ts';
import { fillTemplate } from '../templates.ts';
import { chineseReport, englishReport } from '../test-report-content.ts';
import { markdownHtml } from './html-blocks.ts';
import { mailBodyOf } from './mail-body.ts';
import { markdownText } from './text-body.ts';

test.each([englishReport, chineseReport])('$title has a text and an HTML body', async (content) => {
  expect(reportContent.parse(content)).toEqual(content);
  const { text, html } = await mailBodyOf(content);
  for (const { title, missing = '' } of content.sections) {
    expect(text).toContain(title);
    expect(text).toContain(missing);
    expect(html).toContain(title);
  }
  for (const { links } of content.sections.flatMap(({ items }) => items))
    for (const { url, state } of links) {
      expect(text).toContain(url);
      expect(html.includes(`href="${url.replaceAll('&', '&amp;')}"`)).toBe(state !== 'dead');
    }
  expect(text).not.toMatch(/\*\*\S|<p|\\mcb/);
  expect(html).not.toMatch(/\[\[/);
});

test('tables, lists and code look like themselves in plain text', () => {
  const markdown =
    '1. one\n2. **two**\n   - [x] done\n\n> said\n\n```\na  b\n```\n\n[here](https://x.org/a) and <https://x.org>';
  expect(markdownText(markdown)).toBe(
    '1. one\n2. two\n  ☑ done\n\n> said\n\n    a  b\n\nhere (https://x.org/a) and https://x.org',
  );
});

test('no text is markup', () => {
  const allowed = /^(p|blockquote|pre|table|tr|th|td|hr|ul|ol|li|br|code|s|em|strong|a)$/;
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '<script>',
          '"',
          "'",
          '&',
          '<',
          '>',
          '`',
          '**',
          '[x](javascript:a)',
          '[x](https://x.org/"onload=a)',
          '![',
          '](',
          'a ',
          '\n',
          '\n\n',
          '|',
          '\u0000',
          '\u202e',
          '\ud800',
          '<!--',
          ']]>',
        ),
      ),
      (parts) => {
        const html = markdownHtml(parts.join(''));
        for (const [, tag = ''] of html.matchAll(/<\/?([^\s/>]*)/g)) expect(tag).toMatch(allowed);
        expect(html).not.toMatch(/<[^>]*\son\w+=|href="javascript:/);
      },
    ),
  );
});

test('a template of an owner’s is taken; one with an unknown slot is refused', async () => {
  const home = mkdtempSync(join(tmpdir(), 'mcb-template-'));
  try {
    writeFileSync(join(home, 'mine.html'), '<h1>[[title]]</h1>[[sections]]');
    const { html } = await mailBodyOf({ ...englishReport, title: '[[sections]]' }, 'mine', home);
    expect(html).toMatch(/^<h1>\[\[sections\]\]<\/h1><h2/);
    // A template of another look of the PDF alone.
    expect((await mailBodyOf(englishReport, 'other', home)).html).toContain('<!doctype html>');
  } finally {
    rmSync(home, { recursive: true });
  }
  expect(() => fillTemplate('[[titel]]', { title: 'x' }, [])).toThrow('[[titel]]');
  expect(() => fillTemplate('[[title]]', { title: 'x', sections: '' }, ['sections'])).toThrow(
    '[[sections]]',
  );
});
