import { expect, test } from 'vitest';
import { issueAddress, pullAddress } from './issue-links.ts';

test('an issue of a repository has an address', () => {
  expect(issueAddress('tea/pot.js', 7)).toBe('https://github.com/tea/pot.js/issues/7');
});

test.each(['', 'tea', 'tea/pot/x', 'tea/pot?x', 'javascript:x', 'tea/../pot'])(
  'what is no name of a repository leads nowhere: %j',
  (repo) => expect(issueAddress(repo, 1)).toBeUndefined(),
);

test('only the address of a pull request is one', () => {
  const url = 'https://github.com/tea/pot/pull/12';
  expect(pullAddress(url)).toBe(url);
  for (const other of [null, '', 'javascript:alert(1)', 'https://example.com/tea/pot/pull/12'])
    expect(pullAddress(other)).toBeUndefined();
});
