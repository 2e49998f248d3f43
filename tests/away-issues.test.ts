import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations } from '@mini-claude-bot/contract';
import {
  bash,
  createMarkerScript,
  reply,
  type Script,
  text,
} from '@mini-claude-bot/fake-anthropic';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const bot_token = '7:secret';
const repo = 'tea/house';
const chat_id = '1';
const slow = 240_000;
const patient = 4_000;
const who = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@x',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@x',
};

/** Commits a file for each issue; on one it does nothing, and one it never comes to the end of. */
const committer: Script = createMarkerScript(({ conversation: { prompt, step } }) => {
  if (!prompt.startsWith('Work on issue')) return reply(text('Yes?'));
  if (step > 0 || prompt.includes('Title: Nothing')) return reply(text('I am done.'));
  if (prompt.includes('Title: Endless')) return reply(bash('sleep 600'));
  return reply(bash('echo tea > tea.txt && git add tea.txt && git commit -qm "Add tea"'));
});

let telegram: FakeTelegram;
let gateway: TestGateway;
beforeEach(async () => {
  telegram = await startFakeTelegram();
  gateway = await startTestGateway({
    script: committer,
    env: {
      ...who,
      GH_BIN: fileURLToPath(new URL('./support/gh.mjs', import.meta.url)),
      TELEGRAM_API_ROOT: telegram.url,
      GATEWAY_MIN_FREE_MB: '0',
      AWAY_MAX_ISSUES: '3',
      AWAY_MAX_CONCURRENCY: '1',
    },
  });
  git(gateway.home, 'init', '-q', '--bare', '-b', 'main', 'origin.git');
  git(gateway.home, 'clone', '-q', 'origin.git', 'clone');
  writeFileSync(join(clone(), 'README.md'), 'tea\n');
  git(clone(), 'checkout', '-q', '-b', 'main');
  git(clone(), 'add', '.');
  git(clone(), 'commit', '-qm', 'Begin');
  git(clone(), 'push', '-q', 'origin', 'main');
  const entry = { repo, path: clone(), label: 'away' };
  writeFileSync(
    join(gateway.home, 'away-repos.json'),
    JSON.stringify([entry, { repo: '--x/y' }, 7]),
  );
});
afterEach(async () => {
  await gateway.stop();
  await telegram.close();
});

const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', words, {
    cwd,
    env: { ...process.env, ...who },
    encoding: 'utf8',
    stdio: 'pipe',
  });
const clone = () => join(gateway.home, 'clone');
const worktree = (n: number) => join(gateway.home, 'worktrees', 'tea--house', `issue-${n}`);
const issues = (...titles: string[]): void =>
  writeFileSync(
    join(gateway.home, 'github.json'),
    JSON.stringify({
      pulls: [],
      issues: {
        [repo]: [
          ...titles.map((title, n) => ({
            number: n + 1,
            title,
            body: 'Please.',
            labels: ['away'],
          })),
          { number: 99, title: 'Not for this', body: '', labels: [] },
        ],
      },
    }),
  );
const pulls = () => JSON.parse(readFileSync(join(gateway.home, 'github.json'), 'utf8')).pulls;
const leave = () => gateway.client.call(operations.startAwayWork, { chat_id, bot_token });
const comeBack = async () =>
  (await gateway.client.call(operations.stopAwayWork, { chat_id })).roundup;
const told = (words: string) =>
  eventually(
    `it is told: ${words}`,
    () => telegram.textsIn(chat_id).some((t) => t.includes(words)),
    patient,
  );

test(
  'issues become drafts of pull requests, each on a branch of its own',
  async () => {
    issues('Add tea', 'Nothing to do', 'Pour "it"; $(touch x)', 'One too many');
    expect(await leave()).toEqual({
      repos: [repo],
      queued: 3,
      issues: [
        { repo, number: 1, title: 'Add tea', branch: 'away/issue-1' },
        { repo, number: 2, title: 'Nothing to do', branch: 'away/issue-2' },
        { repo, number: 3, title: 'Pour "it"; $(touch x)', branch: 'away/issue-3' },
      ],
      capped: true,
    });
    await told(`${repo}#3 has a draft pull request: https://github.com/${repo}/pull/2`);
    expect(pulls()).toMatchObject([
      {
        head: 'away/issue-1',
        base: 'main',
        draft: true,
        title: 'Add tea (#1)',
        body: 'Closes #1.',
      },
      { head: 'away/issue-3', draft: true, title: 'Pour "it"; $(touch x) (#3)' },
    ]);
    const branches = git(join(gateway.home, 'origin.git'), 'branch', '--format=%(refname:short)');
    expect(branches.trim().split('\n')).toEqual(['away/issue-1', 'away/issue-3', 'main']);
    expect(git(join(gateway.home, 'origin.git'), 'rev-list', '--count', 'main').trim()).toBe('1');
    // The owner's clone is as it was, and what is published needs no worktree.
    expect(git(clone(), 'status', '--porcelain', '--branch').trim()).toBe('## main...origin/main');
    expect([1, 2, 3].map((n) => existsSync(worktree(n)))).toEqual([false, true, false]);
    expect(await comeBack()).toEqual([
      {
        repo,
        number: 1,
        title: 'Add tea',
        branch: 'away/issue-1',
        status: 'done',
        pr_url: `https://github.com/${repo}/pull/1`,
      },
      {
        ...{ repo, number: 2, title: 'Nothing to do', branch: 'away/issue-2' },
        ...{ status: 'failed', pr_url: null, error: 'there is no commit on its branch' },
      },
      expect.objectContaining({ number: 3, status: 'done' }),
    ]);
    expect(await comeBack()).toEqual([]);
    // What is done is not begun again; what failed is, and what was left out.
    expect((await leave()).issues.map(({ number }) => number)).toEqual([2, 4]);
    await told(`${repo}#4 has a draft`);
  },
  slow,
);

test(
  'whoever comes back has no more begun; what runs goes on over a restart, and ends with the chat',
  async () => {
    issues('Endless', 'Add tea');
    await leave();
    const running = () => gateway.client.call(operations.listTasks, { chat_id, state: 'running' });
    const [task] = await eventually(
      'one runs',
      async () => {
        const tasks = await running();
        return tasks.length > 0 && tasks;
      },
      patient,
    );
    expect(task).toMatchObject({ project_id: `${repo}#1`, cwd: worktree(1) });
    await gateway.restart();
    expect(await running()).toMatchObject([{ id: task?.id }]);
    expect(await comeBack()).toMatchObject([
      { number: 1, status: 'running', pr_url: null },
      { number: 2, status: 'skipped' },
    ]);
    await gateway.post('/api/gateway/stop', { chat_id });
    expect(await comeBack()).toMatchObject([
      { number: 1, status: 'failed', error: 'the chat was stopped' },
    ]);
    expect(telegram.textsIn(chat_id)).toEqual([]);
  },
  slow,
);

test(
  'one that was done, but not published when the gateway died, is published once',
  async () => {
    issues('Add tea');
    await leave();
    await told(`${repo}#1 has a draft`);
    expect(pulls()).toHaveLength(1);
    // As a death between the pull request and our commit leaves it.
    const database = new Sqlite(join(gateway.home, 'gateway.db'));
    database.exec("UPDATE away_issues SET state = 'publishing', pr_url = NULL");
    database.close();
    git(clone(), 'worktree', 'add', '-q', worktree(1), 'away/issue-1');
    await gateway.restart();
    const done = await eventually(
      'it is published',
      async () => {
        const [issue] = await comeBack();
        return issue?.status === 'done' && issue;
      },
      patient,
    );
    expect(done.pr_url).toBe(`https://github.com/${repo}/pull/1`);
    expect(pulls()).toHaveLength(1);
  },
  slow,
);

test('GitHub that can not be asked is said, and no list is no work', async () => {
  const body = { chat_id };
  expect(await gateway.post('/api/gateway/away/start', body)).toEqual({
    status: 503,
    body: { detail: expect.stringContaining('gh auth login') },
  });
  rmSync(join(gateway.home, 'away-repos.json'));
  expect(await leave()).toEqual({ repos: [], queued: 0, issues: [], capped: false });
  writeFileSync(join(gateway.home, 'away-repos.json'), 'no JSON');
  expect(await leave()).toMatchObject({ repos: [] });
});
