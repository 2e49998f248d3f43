import { expect, test } from 'vitest';
import { firstOf, type Issue, inOrder, isEligible, type OpenPull } from './choose-issues.ts';
import type { AwayRepo } from './repo-list.ts';

const repo: AwayRepo = {
  repo: 'tea/house',
  botId: undefined,
  path: '/h',
  base: 'main',
  labels: [],
  skipLabels: ['blocked'],
  priorityLabels: ['p0', 'p1'],
  assignee: undefined,
  titlePrefix: undefined,
  maxIssues: 10,
  settings: {
    ...{ sandbox: 'bubblewrap', minutes: 60, test_minutes: 15, max_cost_usd: 5 },
  },
};
const issue: Issue = {
  repo,
  number: 7,
  title: 'Tea',
  body: '',
  labels: [],
  assignees: [],
  createdAt: '2026-01-01T00:00:00Z',
};
const known = { login: 'Owner', pulls: [] };

test.each<[string, Partial<Issue>, Partial<AwayRepo>, boolean]>([
  ['as it is', {}, {}, true],
  ['the owner’s own', { assignees: ['owner', 'else'] }, {}, true],
  ['of others', { assignees: ['else'] }, {}, false],
  ['with a label to leave', { labels: ['Blocked'] }, {}, false],
  ['without the label to take', {}, { labels: ['away'] }, false],
  ['with one of them', { labels: ['AWAY'] }, { labels: ['x', 'away'] }, true],
  ['with another beginning', {}, { titlePrefix: '[bot]' }, false],
])('eligible: %s', (_what, changes, rules, expected) => {
  expect(isEligible({ ...issue, ...changes }, { ...repo, ...rules }, known)).toBe(expected);
});

const pull: OpenPull = { title: '', body: '', headRefName: 'x' };
test.each<[Partial<OpenPull>, boolean]>([
  [{ body: 'Fixes #7.' }, true],
  [{ title: 'Tea (#7)' }, true],
  [{ body: 'see tea/house#7' }, true],
  [{ body: 'https://github.com/tea/house/issues/7' }, true],
  [{ headRefName: 'away/issue-7' }, true],
  [{ body: 'Fixes #77, other/repo#7, house/issues/71' }, false],
])('an open pull request %o is for it: %s', (changes, has) => {
  const pulls = [{ ...pull, ...changes }];
  expect(isEligible(issue, repo, { ...known, pulls })).toBe(!has);
});

test('the most urgent first, then the newest; and no more than wanted', () => {
  const other = { ...repo, repo: 'tea/other', maxIssues: 1 };
  const ordered = inOrder([
    { ...issue, number: 1 },
    { ...issue, number: 2, createdAt: '2026-02-01T00:00:00Z' },
    { ...issue, number: 3, labels: ['P1'] },
    { ...issue, number: 4, labels: ['p0'], repo: other },
    { ...issue, number: 5, labels: ['p1'], repo: other },
  ]);
  expect(ordered.map(({ number }) => number)).toEqual([4, 5, 3, 2, 1]);
  expect(firstOf(ordered, 3).map(({ number }) => number)).toEqual([4, 3, 2]);
});
