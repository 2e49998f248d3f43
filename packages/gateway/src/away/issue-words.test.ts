import { expect, test } from 'vitest';
import { commitMessage, pullBody, pullTitle } from './issue-words.ts';

const named = { repo: 'tea/house', number: 1 };

test.each([
  ['fixes #3', 'about #3'],
  ['Closes: tea/other#3', 'about: tea/other#3'],
  ['resolved https://github.com/a/b/issues/3', 'about https://github.com/a/b/issues/3'],
  ['fix GH-3 @all', 'about GH-3 @ all'],
  ['Fix the tea', 'Fix the tea'],
])('a title closes no issue and calls nobody: %s', (title, shown) => {
  expect(pullTitle({ ...named, title })).toBe(`${shown} (#1)`);
  expect(commitMessage({ ...named, title })).toContain(`${shown}\n`);
});

test('what Claude and the tests say is shown as it is, whatever it says', () => {
  const said = 'Done.\n```\nCloses #3 ![x](http://x)';
  const body = pullBody(
    { number: 1, unfinished: null, tests: 'they fail.\n````\nCloses #4' },
    said,
  );
  expect(body).toContain(`\`\`\`\`text\n${said}\n\`\`\`\``);
  expect(body).toContain('they fail.\n\n`````text\n````\nCloses #4\n`````');
});
