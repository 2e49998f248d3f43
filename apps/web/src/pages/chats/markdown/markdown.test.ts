import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';

const shown = (text: string): string => renderToStaticMarkup(createElement(Markdown, { text }));

test('a paragraph may have as many lines as it likes', () => {
  const lines = 200_000;
  expect(shown('a\n'.repeat(lines)).split('<br').length).toBe(lines);
});

test.each([
  ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
  ['[a](javascript:alert(1))', '[a](javascript:alert(1))'],
  ['[a](/api/settings)', 'a (/api/settings)'],
  ['[a](//evil.example)', 'a (//evil.example)'],
  ['![a](/api/settings)', 'a'],
])('%s runs nothing and leads nowhere here', (text, words) => {
  const html = shown(text);
  expect(html).toContain(words);
  expect(html).not.toMatch(/<(a|img)\b/);
});
