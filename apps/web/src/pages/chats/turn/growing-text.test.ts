import { longestExcerpt } from '@mini-claude-bot/contract';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { GrowingText } from './growing-text.tsx';

const shown = (text: string): string => renderToStaticMarkup(createElement(GrowingText, { text }));

test('the beginning of an answer is Markdown, and nothing is left out of one that is very long', () => {
  expect(shown('**a** b')).toContain('<strong>a</strong> b');
  const long = shown(`**a**${' b'.repeat(longestExcerpt)} **c** <i>`);
  expect(long).toContain('<strong>a</strong>');
  expect(long).toContain('**c** &lt;i&gt;</p>');
  expect(long.match(/ b/g)?.length).toBeGreaterThanOrEqual(longestExcerpt - 1);
});
