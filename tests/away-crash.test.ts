import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import {
  createMarkerScript,
  type FakeAnthropic,
  reply,
  type Script,
  startFakeAnthropic,
  text,
  toolUse,
} from '@mini-claude-bot/fake-anthropic';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwayScene, awayEnvironment } from './support/away-scene.ts';
import { eventually } from './support/eventually.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { testEnvironment } from './support/test-gateway.ts';

const chat_id = '1';
const bot_token = '7:secret';
const patient = 6_000;

/** Where the gateway is killed, in the order of an issue's work. */
const moments = [
  ['it has asked for issues', 'before gh issue list'],
  ['the row of the issue is there', 'before git fetch'],
  ['the branch is about to be made', 'before git worktree add'],
  ['the branch and the worktree are made', 'after git worktree add'],
  ['the setup runs', 'setup'],
  ['the turn runs', 'turn'],
  ['the turn has changed a file', 'after the change'],
  ['the turn has ended', 'before git add'],
  ['what was changed is looked at', 'after git write-tree'],
  ['the tests run', 'test'],
  ['there is no commit yet', 'before git commit-tree'],
  ['there is a commit, and the branch is without it', 'after git commit-tree'],
  ['the branch has the commit', 'after git update-ref'],
  ['it is about to be pushed', 'before git push'],
  ['it is pushed', 'after git push'],
  ['there is no pull request yet', 'before gh pr create'],
  ['there is a pull request that nobody has written down', 'after gh pr create'],
] as const;

const home = scratchDirectory();
const scene = new AwayScene(home);
const worktree = scene.path('worktrees', 'tea--house', 'issue-1');
let telegram: FakeTelegram;
let fake: FakeAnthropic;
let gateway: GatewayProcess;

const isHeld = (moment: string): boolean =>
  existsSync(scene.path('hold')) && readFileSync(scene.path('hold'), 'utf8') === moment;

/** Never answers while the gateway is to be killed there. */
const writer: Script = createMarkerScript(({ conversation: { step } }) => {
  const moment = step === 0 ? 'turn' : 'after the change';
  if (isHeld(moment)) {
    writeFileSync(scene.path('held'), moment);
    return { kind: 'hang' };
  }
  if (existsSync(`${worktree}/tea.txt`)) return reply(text('I wrote it down.'));
  return reply(toolUse('Write', { file_path: `${worktree}/tea.txt`, content: 'tea\n' }));
});

beforeAll(async () => {
  telegram = await startFakeTelegram();
  fake = await startFakeAnthropic({ script: writer });
  const command = (name: string): string =>
    `if [ "$(cat '${home}/hold')" = ${name} ]; then echo ${name} > '${home}/held'; exec sleep 300; fi; echo ran >> '${home}/${name}.log'`;
  scene.addRepository('house');
  scene.list([
    {
      ...{ repo: 'tea/house', path: scene.path('house'), sandbox: 'none' },
      setup: command('setup'),
      test: `${command('test')}; touch of-the-tests`,
    },
  ]);
  scene.github({ 'tea/house': [{ number: 1, title: 'Write tea down' }] });
});
afterAll(async () => {
  gateway?.child.kill('SIGKILL');
  await gateway?.exited;
  await fake.close();
  await telegram.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const start = async () => {
  gateway = spawnGateway(
    {
      ...testEnvironment(home, fake.url),
      ...awayEnvironment(home),
      TELEGRAM_API_ROOT: telegram.url,
    },
    home,
  );
  const client = createClient({ baseUrl: await gateway.url });
  return { client, leave: () => client.call(operations.startAwayWork, { chat_id, bot_token }) };
};

async function killAt(moment: string): Promise<void> {
  await eventually(
    `it comes to: ${moment}`,
    () =>
      existsSync(scene.path('held')) && readFileSync(scene.path('held'), 'utf8').trim() === moment,
    patient,
  );
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  rmSync(scene.path('held'));
}

test('killed at each step and started again, it makes one branch and one pull request, told once', async () => {
  for (const [n, [, moment]] of moments.entries()) {
    writeFileSync(scene.path('hold'), moment);
    const { leave } = await start();
    if (n < 2) void leave().catch(() => {});
    await killAt(moment);
  }
  // It goes on to the end, and dies once it has told of it, before it has cleared up.
  writeFileSync(scene.path('hold'), 'before git worktree prune');
  const toldOf = (words: string) => telegram.textsIn(chat_id).filter((t) => t.includes(words));
  await start();
  await eventually('it is told', () => toldOf('has a draft').length > 0, patient);
  await killAt('before git worktree prune');
  rmSync(scene.path('hold'));
  const { client, leave } = await start();
  await eventually(
    'git knows of no worktree',
    () => !scene.git('house', 'worktree', 'list').includes('issue-1'),
    patient,
  );

  expect(scene.pulls()).toMatchObject([
    { headRefName: 'away/issue-1', draft: true, title: 'Write tea down (#1)' },
  ]);
  expect(scene.branches('house.git')).toEqual(['away/issue-1', 'main']);
  expect(scene.branches('house')).toEqual(['away/issue-1', 'main']);
  // One commit, with what Claude wrote alone.
  expect(scene.git('house.git', 'log', '--format=%s', '--name-only', 'main..away/issue-1')).toBe(
    'Write tea down\n\ntea.txt',
  );
  expect(toldOf('has a draft')).toEqual([
    'tea/house#1 has a draft pull request: https://github.com/tea/house/pull/100\nTests: they pass.',
  ]);
  expect(toldOf('Work begins')).toHaveLength(1);
  expect(existsSync(worktree)).toBe(false);
  const { roundup } = await client.call(operations.stopAwayWork, { chat_id });
  expect(roundup).toMatchObject([{ number: 1, status: 'done' }]);
  expect(await leave()).toMatchObject({ queued: 0 });
}, 240_000);
