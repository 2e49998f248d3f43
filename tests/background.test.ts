import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { harnessModel, harnessOf } from './support/harness-model.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const bot_token = '7:secret';
/** A task is several starts of Claude: on a machine that has other work, that takes a while. */
const patient = 2_000;
let telegram: FakeTelegram;
let gateway: TestGateway;
beforeAll(async () => {
  telegram = await startFakeTelegram();
  gateway = await startTestGateway({
    script: harnessModel(1),
    env: {
      TELEGRAM_API_ROOT: telegram.url,
      GATEWAY_MIN_FREE_MB: '0',
      GATEWAY_BG_SESSION_IDLE_TIMEOUT: '1',
      CLAUDE_CODE_MAX_RETRIES: '0',
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await telegram.close();
});

const slow = 60_000;
const directoryOf = (chat: string) => join(gateway.home, 'sessions', 'default', chat);
const say = async (chat_id: string, message: string) =>
  (await gateway.client.call(operations.sendMessage, { chat_id, message })).response;
const start = (chat_id: string, message: string, project_id = '') =>
  gateway.client.call(operations.startTask, { chat_id, message, bot_token, project_id });
const statusOf = (chat_id: string, project_id = '') =>
  gateway.client.call(operations.taskStatus, { chat_id, project_id });
const asked = (text: string) =>
  gateway.fake.waitForRequest(({ conversation }) => conversation?.prompt.includes(text) === true);
const ended = (chat_id: string, project_id = '') =>
  eventually(
    'the task ended',
    async () => {
      const status = await statusOf(chat_id, project_id);
      return status.status !== 'running' && status.status !== 'idle' && status;
    },
    patient,
  );
const harnessIn = (directory: string, harness: unknown = harnessOf({ only: 2 })): void => {
  mkdirSync(join(directory, '.harness'), { recursive: true });
  writeFileSync(join(directory, '.harness', 'tasks.json'), JSON.stringify(harness));
};

test(
  'a task knows the conversation, leaves the chat free, and the chat learns of its end',
  async () => {
    await say('1', 'My name is Wei. [[text:Noted.]]');
    expect(await start('1', '[[delay:1500]][[history]]')).toMatchObject({ status: 'started' });
    expect(await say('1', '[[text:still here]]')).toBe('still here');
    expect(await statusOf('1')).toMatchObject({ status: 'running', message: expect.any(String) });
    expect(await ended('1')).toMatchObject({
      status: 'completed',
      result: expect.stringContaining('My name is Wei.'),
    });
    await telegram.waitUntil(() => telegram.textsIn('1').length === 1);
    expect(telegram.textsIn('1')[0]).toContain('My name is Wei.');
    await say('1', 'And now? [[text:yes]]');
    const told = JSON.stringify((await asked('And now?')).body);
    expect(told).toContain('Background tasks of this chat that have ended');
    await say('1', 'And later? [[text:yes]]');
    const later = JSON.stringify((await asked('And later?')).body);
    expect(later.split('Background tasks of this chat that have ended')).toHaveLength(2);
  },
  slow,
);

test(
  'a task begins while the chat is being answered, and hears nothing of that',
  async () => {
    await say('14', 'I like tea. [[text:Noted.]]');
    const answer = say('14', 'Wait. [[text:Well]] [[hang]]');
    await asked('Wait.');
    await start('14', '[[history]]');
    const { status, ...rest } = await ended('14');
    expect(status).toBe('completed');
    expect(JSON.stringify(rest)).toContain('I like tea.');
    expect(await gateway.client.call(operations.queueStatus, { chat_id: '14' })).toMatchObject({
      busy: true,
    });
    await gateway.client.call(operations.resetSession, { chat_id: '14' });
    expect(await answer).toContain('stopped');
    expect(await say('14', '[[history]]')).toContain('I like tea.');
  },
  slow,
);

test(
  'one task of a project at a time; another project has its own',
  async () => {
    await start('2', 'one [[hang]]');
    expect(await start('2', 'two [[text:x]]')).toEqual({
      status: 'rejected',
      reason: 'already running',
      elapsed: expect.any(Number),
    });
    expect(await start('2', '[[text:of the project]]', 'web')).toMatchObject({ status: 'started' });
    expect(await ended('2', 'web')).toMatchObject({ result: 'of the project' });
    expect(await statusOf('2')).toMatchObject({ status: 'completed', result: 'of the project' });
    const [task] = await gateway.client.call(operations.listTasks, {
      chat_id: '2',
      state: 'running',
    });
    const task_id = task?.id ?? '';
    expect(await gateway.client.call(operations.cancelTask, { task_id })).toEqual({
      cancelled: true,
      state: 'stopped',
    });
    expect(await gateway.client.call(operations.cancelTask, { task_id })).toMatchObject({
      cancelled: false,
    });
    expect(telegram.textsIn('2')).toEqual(['of the project']);
  },
  slow,
);

test(
  'nothing of a stopped chat runs or is delivered later',
  async () => {
    await start('3', 'endless [[hang]]');
    await asked('endless');
    expect(await gateway.post('/api/gateway/stop', { chat_id: '3' })).toMatchObject({
      body: { stopped: true },
    });
    expect(await statusOf('3')).toEqual({ status: 'idle' });
    const [task] = await gateway.client.call(operations.listTasks, { chat_id: '3' });
    expect(task?.state).toBe('stopped');
    const deliveries = await gateway.client.call(operations.listDeliveries, { chat_id: '3' });
    expect(deliveries).toEqual([]);
    expect(existsSync(directoryOf('3'))).toBe(false);
  },
  slow,
);

test(
  'a task that was running when the gateway ended goes on, once',
  async () => {
    // The tool waits the first time: what is asked again after a restart is another prompt.
    const tool = '[[bash:test -e been || { touch been; sleep 600; }]]';
    await start('4', `go on ${tool} [[/]] [[text:came to its end]]`);
    await eventually('the tool was at it', () => existsSync(join(directoryOf('4'), 'been')));
    await gateway.restart();
    expect(await ended('4')).toMatchObject({ status: 'completed' });
    const tasks = await gateway.client.call(operations.listTasks, { chat_id: '4' });
    expect(tasks).toHaveLength(1);
    const turns = await gateway.client.call(operations.listTurns, { chat_id: '4' });
    expect(turns).toMatchObject([{ lane: 'bg:', origin: 'background', attempts: 2 }]);
    await telegram.waitUntil(() => telegram.textsIn('4').length === 1);
  },
  slow,
);

test(
  'a failed task is told',
  async () => {
    await start('5', '[[status:400]]');
    expect((await ended('5')).status).toBe('failed');
    await telegram.waitUntil(() => telegram.textsIn('5').length === 1);
    expect(telegram.textsIn('5')[0]).toMatch(/^The background task failed: /);
  },
  slow,
);

test(
  'a task has no time limit, but one in which nothing happens is ended',
  async () => {
    await gateway.restart({ GATEWAY_CLAUDE_TIMEOUT: '1', GATEWAY_BUSY_STUCK_TIMEOUT: '20' });
    // Longer than a turn of the chat may take.
    await start('15', '[[slow:100]] [[words:25]]');
    expect((await ended('15')).status).toBe('completed');
    expect(await say('15', '[[slow:100]] [[words:25]]')).toMatch(/^\[ERROR\] Claude took longer/);
    await gateway.restart({ GATEWAY_BUSY_STUCK_TIMEOUT: '1' });
    await start('15', 'nothing [[hang]]');
    expect((await ended('15')).status).toBe('failed');
    const [task] = await gateway.client.call(operations.listTasks, { chat_id: '15' });
    expect(task?.error).toBe('no_progress');
    await gateway.restart();
  },
  slow,
);

test(
  'what blocks a harness is told, and it stops there',
  async () => {
    harnessIn(directoryOf('6'));
    await start('6', '[[text:Half. [HARNESS_BLOCKED:only-1:no *key*]]]');
    expect((await ended('6')).status).toBe('blocked');
    await telegram.waitUntil(() => telegram.textsIn('6').length === 1);
    expect(telegram.textsIn('6')[0]).toMatch(/^tea: Blocked on task only-1: no \*key\*/);
  },
  slow,
);

test(
  'an empty list of tasks is filled three times at most',
  async () => {
    harnessIn(directoryOf('7'), { project_name: 'tea', tasks: [] });
    await start('7', '[[text:I thought about it.]]');
    const fake = await ended('7');
    expect(fake).toMatchObject({ status: 'incomplete' });
    const [task] = await gateway.client.call(operations.listTasks, { chat_id: '7' });
    const { steps } = await gateway.client.call(operations.getTask, { task_id: task?.id ?? '' });
    expect(steps.map(({ kind }) => kind)).toEqual([
      'message',
      'decompose',
      'decompose',
      'decompose',
    ]);
  },
  slow,
);

test(
  "a project elsewhere is found where the owner allows it, and another chat's is not",
  async () => {
    const project = join(gateway.home, 'projects', 'tea');
    harnessIn(project);
    await say('8', '[[text:hi]]');
    writeFileSync(join(directoryOf('8'), '.harness_project_dir'), project);
    const jobs = async () =>
      (await gateway.client.call(operations.harnessStatus, { chat_id: '8' })).jobs;
    expect(await jobs()).toMatchObject([
      { bg_status: 'idle', cwd: project, harness: { total: 2 } },
    ]);
    writeFileSync(join(directoryOf('8'), '.harness_project_dir'), directoryOf('6'));
    expect(await jobs()).toEqual([]);
  },
  slow,
);

test(
  'a clean-up archives before it removes, and skips what has tasks left',
  async () => {
    const cleanUp = () => gateway.client.call(operations.cleanUp, { chat_id: '9' });
    harnessIn(directoryOf('9'), { project_name: 'tea', tasks: [{ status: 'done' }, {}] });
    await say('9', '[[text:hi]]');
    expect(await cleanUp()).toMatchObject({ cleaned: 0, archived: 1, skipped: 1 });
    harnessIn(directoryOf('9'), { project_name: 'tea', tasks: [{ status: 'done' }] });
    expect(await cleanUp()).toMatchObject({ cleaned: 1, archived: 1, skipped: 0 });
    expect(existsSync(join(directoryOf('9'), '.harness'))).toBe(false);
    const index = JSON.parse(
      readFileSync(join(gateway.home, '.claude-gateway-archives', 'index.json'), 'utf8'),
    );
    expect(index.at(-1)).toMatchObject({ chat_id: '9', status: 'completed', tasks_done: 1 });
  },
  slow,
);

test(
  'idle sessions of tasks are reaped as such',
  async () => {
    await start('10', '[[text:done]]');
    await ended('10');
    const reaped = await eventually('it was reaped', async () => {
      const { reaped } = await gateway.client.call(operations.reapSessions, {});
      return reaped.find(({ chat_id }) => chat_id === '10');
    });
    expect(reaped).toMatchObject({ type: 'background' });
  },
  slow,
);

describe('what Claude is told beside messages', () => {
  test(
    'a harness is told once, and all that came before stays as it was',
    async () => {
      const chat = '11';
      writeFileSync(join(gateway.home, 'memory.md'), 'The owner likes tea.');
      harnessIn(directoryOf(chat));
      for (const n of [1, 2, 3]) await say(chat, `message ${n} [[text:answer ${n}]]`);
      const requests = await Promise.all([1, 2, 3].map((n) => asked(`message ${n}`)));
      const bodies = requests.map(({ body }) => body as { system: unknown; messages: unknown[] });
      const last = JSON.stringify(bodies[2]);
      for (const told of ['Long work through a chat bot', 'The owner likes tea.', 'only-1'])
        expect(last.split(told)).toHaveLength(2);
      expect(last).toContain('message 3 [[text:answer 3]]');
      for (const [n, body] of bodies.slice(1).entries()) {
        const before = withoutCacheMarks(bodies[n]?.messages ?? []);
        expect(withoutCacheMarks(body.messages).slice(0, before.length)).toEqual(before);
        expect(withoutCacheMarks(body.system)).toEqual(withoutCacheMarks(bodies[0]?.system));
      }
      harnessIn(directoryOf(chat), harnessOf({ only: 2, another: 1 }));
      await say(chat, 'message 4 [[text:answer 4]]');
      const changed = JSON.stringify((await asked('message 4')).body);
      expect(changed.split('Long work through a chat bot')).toHaveLength(2);
      expect(changed.split('The harness of this chat')).toHaveLength(3);
    },
    slow,
  );

  test(
    'a chat without a harness is told nothing of it',
    async () => {
      await say('12', 'plain [[text:yes]]');
      expect(JSON.stringify((await asked('plain')).body)).not.toContain('The owner likes tea.');
    },
    slow,
  );

  test(
    'the persona, while the owner is away, also over a restart',
    async () => {
      const chat_id = '13';
      const away = { chat_id, action: 'away' } as const;
      writeFileSync(join(gateway.home, 'persona.md'), 'You are the house.');
      expect(await gateway.client.call(operations.setAway, away)).toEqual({
        status: 'ok',
        message: 'Nirmana activated',
        briefing: null,
      });
      await gateway.restart();
      expect(await gateway.client.call(operations.awayStatus, { chat_id })).toMatchObject({
        nirmana_mode: true,
        away_duration_seconds: expect.any(Number),
      });
      const state = join(gateway.home, 'nirmana', 'state', 'default');
      const snapshot = readFileSync(join(state, `session-${chat_id}.md`), 'utf8');
      expect(snapshot).toMatch(/^# Chat 13 of the bot default\n\nThe owner is away since 20/);
      await say(chat_id, 'who is there? [[text:me]]');
      expect(JSON.stringify((await asked('who is there?')).body)).toContain('You are the house.');
      const back = { chat_id, action: 'back' } as const;
      const { briefing } = await gateway.client.call(operations.setAway, back);
      expect(briefing).toContain('Somebody wrote in this chat');
      expect(await gateway.client.call(operations.setAway, back)).toMatchObject({
        message: 'Not in Nirmana mode',
        briefing: '',
      });
      await say(chat_id, 'hello again [[text:hi]]');
      expect(JSON.stringify((await asked('hello again')).body)).toContain('The owner is back');
    },
    slow,
  );
});

/**
 * Where the cache ends moves on with each message; what it holds must not. A content that is one text may
 * be written as that text: to the model, and to its cache, both are the same.
 */
const withoutCacheMarks = (value: unknown): unknown[] =>
  JSON.parse(
    JSON.stringify(value, (key, inner) => {
      if (key === 'cache_control') return undefined;
      const isText = key === 'content' && typeof inner === 'string';
      return isText ? [{ type: 'text', text: inner }] : inner;
    }),
  );
