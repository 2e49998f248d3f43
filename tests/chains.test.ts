import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { harnessModel, harnessOf } from './support/harness-model.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const bot_token = '7:secret';
const slow = 120_000;
const patient = 2_000;

let telegram: FakeTelegram;
let gateway: TestGateway;
beforeAll(async () => {
  telegram = await startFakeTelegram();
  gateway = await startTestGateway({
    script: harnessModel(1),
    env: { TELEGRAM_API_ROOT: telegram.url, GATEWAY_MIN_FREE_MB: '0' },
  });
});
afterAll(async () => {
  await gateway.stop();
  await telegram.close();
});

const call: TestGateway['client']['call'] = (...input) => gateway.client.call(...input);
const directoryOf = (chat: string) => join(gateway.home, 'sessions', 'default', chat);
const tasksFile = (chat: string) => join(directoryOf(chat), '.harness', 'tasks.json');
const harnessIn = (chat: string, harness: unknown): void => {
  mkdirSync(join(directoryOf(chat), '.harness'), { recursive: true });
  writeFileSync(tasksFile(chat), typeof harness === 'string' ? harness : JSON.stringify(harness));
};
const start = (chat_id: string, message = 'Carry out the plan.') =>
  call(operations.startTask, { chat_id, message, bot_token });
const tasksOf = (chat_id: string) => call(operations.listTasks, { chat_id });
const say = async (chat_id: string, message: string) =>
  (await call(operations.sendMessage, { chat_id, message })).response;
const newest = async (chat: string) => {
  const [task] = await tasksOf(chat);
  if (task === undefined) throw new Error('there is no task');
  return task;
};
const becomes = (chat: string, state: string) =>
  eventually(`the task is ${state}`, async () => (await newest(chat)).state === state, patient);
const ended = (chat_id: string) =>
  eventually(
    'the task ended',
    async () => {
      const status = await call(operations.taskStatus, { chat_id });
      return status.status !== 'running' && status.status !== 'idle' && status;
    },
    patient,
  );
const runsOf = (chat: string): number[] => {
  const harness = JSON.parse(readFileSync(tasksFile(chat), 'utf8'));
  return harness.phases.flatMap(({ tasks }: { tasks: { runs?: number }[] }) =>
    tasks.map(({ runs = 0 }) => runs),
  );
};

describe('a chain that waits for its next step', () => {
  const forAnHour = { HARNESS_CHAIN_DELAY: '3600' };

  test(
    'is taken over by a message: never do both go on',
    async () => {
      await gateway.restart(forAnHour);
      harnessIn('1', harnessOf({ only: 3 }));
      await start('1');
      await becomes('1', 'waiting');
      expect(await call(operations.taskStatus, { chat_id: '1' })).toMatchObject({
        status: 'running',
      });
      const first = await newest('1');
      expect(first.next_step_at).toBeGreaterThan(Date.now() / 1000 + 3_000);
      // Of two at once, one alone is taken.
      const both = await Promise.all([start('1', 'Go on.'), start('1', 'Go on.')]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['rejected', 'started']);
      await becomes('1', 'waiting');
      const [second, superseded, ...more] = await tasksOf('1');
      expect(more).toEqual([]);
      expect(superseded).toMatchObject({ id: first.id, state: 'superseded' });
      const { steps } = await call(operations.getTask, { task_id: first.id });
      expect(steps.map(({ state }) => state)).toEqual(['ended', 'dropped']);
      expect(runsOf('1')).toEqual([1, 1, 0]);

      // It waits over a restart, which shortens nothing; then there is no pause any more.
      await gateway.restart(forAnHour);
      expect((await newest('1')).state).toBe('waiting');
      const task_id = second?.id ?? '';
      expect(await call(operations.cancelTask, { task_id })).toEqual({
        cancelled: true,
        state: 'stopped',
      });
      await gateway.restart();
      await start('1', 'To the end.');
      expect((await ended('1')).status).toBe('completed');
      expect(runsOf('1')).toEqual([1, 1, 1]);
      await say('1', 'And? [[text:yes]]');
      const request = await gateway.fake.waitForRequest(
        ({ conversation }) => conversation?.prompt.includes('And?') === true,
      );
      // The tools that come with it know the word as well.
      const told = JSON.stringify((request.body as { messages: unknown }).messages);
      expect(told).toContain('It ended as: stopped');
      expect(told).toContain('It ended as: completed');
      expect(told).not.toContain('superseded');
    },
    slow,
  );

  test(
    'never goes on after a stop, and a reset does not end it',
    async () => {
      await gateway.restart({ HARNESS_CHAIN_DELAY: '2' });
      for (const [chat, path, body] of [
        ['2', 'stop', { chat_id: '2' }],
        ['3', 'sessions/3/reset', {}],
      ] as const) {
        harnessIn(chat, harnessOf({ only: 2 }));
        await start(chat);
        await becomes(chat, 'waiting');
        await gateway.post(`/api/gateway/${path}`, body);
      }
      expect((await newest('2')).state).toBe('stopped');
      expect((await ended('3')).status).toBe('completed');
      // The other one was due before.
      expect(await call(operations.listTurns, { chat_id: '2' })).toHaveLength(1);
      expect(existsSync(directoryOf('2'))).toBe(false);
      expect(await call(operations.listDeliveries, { chat_id: '2', state: 'queued' })).toEqual([]);
      // What it was at is not lost.
      const index = JSON.parse(
        readFileSync(join(gateway.home, '.claude-gateway-archives', 'index.json'), 'utf8'),
      );
      expect(index).toContainEqual(
        expect.objectContaining({ chat_id: '2', tasks_done: 1, tasks_total: 2 }),
      );
      await gateway.restart();
    },
    slow,
  );
});

test(
  'a reply names the project: the chain goes on there, and so does a message that takes over',
  async () => {
    const project = join(gateway.home, 'projects', 'tea');
    mkdirSync(join(project, '.harness'), { recursive: true });
    const file = join(project, '.harness', 'tasks.json');
    writeFileSync(file, JSON.stringify({ project_name: 'tea', tasks: [{ id: 'a' }, { id: 'b' }] }));
    await start('4', `[[text:It is in ${project}. [HARNESS_BLOCKED:a:no key]]]`);
    expect((await ended('4')).status).toBe('blocked');
    expect(await newest('4')).toMatchObject({ cwd: project, harness: { total: 2 } });
    // Without a word of where it is.
    await start('4', '[[text:Nothing new.]]');
    expect(await ended('4')).toMatchObject({
      status: 'incomplete',
      result: expect.stringContaining('No progress this time: 0 of 2'),
    });
    expect((await newest('4')).cwd).toBe(project);
  },
  slow,
);

test(
  'a harness that has come to its end is archived once, and stays where it is',
  async () => {
    harnessIn('5', harnessOf({ only: 1 }));
    await start('5');
    expect((await ended('5')).status).toBe('completed');
    const listed = () =>
      JSON.parse(
        readFileSync(join(gateway.home, '.claude-gateway-archives', 'index.json'), 'utf8'),
      ).filter(({ chat_id }: { chat_id: string }) => chat_id === '5');
    await eventually('it is archived', () => listed().length === 1);
    expect(listed()).toMatchObject([{ status: 'completed', tasks_done: 1, tasks_total: 1 }]);
    // An ordinary task of that chat is no harness's, and its words stand alone.
    await start('5', '[[text:The weather is fine.]]');
    expect(await ended('5')).toMatchObject({ result: 'The weather is fine.' });
    expect(listed()).toHaveLength(1);
    expect(runsOf('5')).toEqual([1]);
  },
  slow,
);

const mebibyte = 'x'.repeat(2 ** 20);
const nonsense: readonly [string, string | { readonly link: string }][] = [
  ['a file that is too long', JSON.stringify({ tasks: [{ title: mebibyte }] })],
  ['deep nesting', `{"tasks": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ['very many phases', JSON.stringify({ phases: Array.from({ length: 200_000 }, () => []) })],
  ['names of every object', '{"phases": {"__proto__": {"tasks": [{}]}, "constructor": [{}]}}'],
  ['a link to elsewhere', { link: '/etc/passwd' }],
];

test.each(nonsense)(
  'a list of tasks with %s: what is asked is answered, and the task ends',
  async (name, content) => {
    const chat_id = `nonsense-${nonsense.findIndex(([each]) => each === name)}`;
    harnessIn(chat_id, typeof content === 'string' ? content : '');
    if (typeof content !== 'string') {
      rmSync(tasksFile(chat_id));
      symlinkSync(content.link, tasksFile(chat_id));
    }
    await start(chat_id, '[[text:I am done.]]');
    const { status } = await ended(chat_id);
    expect(['completed', 'incomplete', 'blocked']).toContain(status);
    expect(await call(operations.harnessStatus, { chat_id })).toMatchObject({ jobs: [{}] });
    expect(await say(chat_id, '[[text:all is well]]')).toBe('all is well');
    await call(operations.cleanUp, { chat_id });
    expect(JSON.stringify(await call(operations.harnessStatus, { chat_id }))).not.toContain(
      'root:',
    );
  },
  slow,
);

test.each([
  ['before the last 2,000 characters', `[HARNESS_COMPLETE] ${'word '.repeat(500)}`, 'completed'],
  ['not closed', 'I end with [HARNESS_COMPLETE', 'completed'],
  ['of another kind', 'Ready. [HARNESS_EXEC_READY]', 'completed'],
  ['a marker, then another', '[HARNESS_COMPLETE] or rather [HARNESS_BLOCKED:t:key]', 'blocked'],
])(
  'markers in a reply: %s',
  async (name, reply, state) => {
    const chat_id = `marker-${name.length}`;
    await start(chat_id, `[[text:${reply}]]`);
    const status = await ended(chat_id);
    expect(status.status).toBe(state);
  },
  slow,
);

test(
  'whatever Telegram answers meanwhile, the chain goes on, and all is told in order',
  async () => {
    harnessIn('7', harnessOf({ only: 4 }));
    const ofChat = ({ chatId }: { chatId: string }) => chatId === '7';
    telegram.answerNext({ kind: 'refuse', status: 429, retryAfter: 1 }, ofChat);
    telegram.answerNext({ kind: 'refuse', status: 500 }, ofChat);
    telegram.answerNext({ kind: 'cut' }, ofChat);
    telegram.answerNext({ kind: 'lost', by: 'cut' }, ofChat);
    telegram.answerNext({ kind: 'garbage', status: 502 }, ofChat);
    await start('7');
    expect((await ended('7')).status).toBe('completed');
    const told = () => [...new Set(telegram.textsIn('7'))];
    await eventually('all is told', () => told().at(-1)?.includes('Complete') === true, patient);
    expect(told()).toEqual([
      'tea: Batch done (phase only): 1 of 4 tasks. The next one follows.',
      'tea: Batch done (phase only): 2 of 4 tasks. The next one follows.',
      'tea: Batch done (phase only): 3 of 4 tasks. The next one follows.',
      'tea: Complete: all 4 tasks are done.\n\nI did a batch.',
    ]);
    // What came twice was on its way when the connection broke, and its row says so.
    const rows = await call(operations.listDeliveries, { chat_id: '7' });
    const doubtful = rows.filter(({ maybe_duplicate }) => maybe_duplicate).length;
    expect(telegram.textsIn('7').length - told().length).toBeLessThanOrEqual(doubtful);
  },
  slow,
);

test(
  'while Telegram is silent, what a cancelled task had to tell is taken back',
  async () => {
    harnessIn('8', harnessOf({ only: 2 }));
    await gateway.restart({ HARNESS_CHAIN_DELAY: '3600' });
    telegram.answerNext(
      { kind: 'refuse', status: 429, retryAfter: 600 },
      ({ chatId }) => chatId === '8',
    );
    await start('8');
    await becomes('8', 'waiting');
    const { id: task_id } = await newest('8');
    await eventually('it is refused', async () => {
      const [delivery] = await call(operations.listDeliveries, { chat_id: '8' });
      return delivery?.reason === 'rate_limited';
    });
    await call(operations.cancelTask, { task_id });
    expect(await call(operations.listDeliveries, { chat_id: '8' })).toMatchObject([
      { state: 'dead', reason: 'withdrawn' },
    ]);
    expect(telegram.textsIn('8')).toEqual([]);
    await gateway.restart();
  },
  slow,
);

test(
  'a message that is too long starts nothing, and ends nothing',
  async () => {
    await gateway.restart({ HARNESS_CHAIN_DELAY: '3600', GATEWAY_MAX_MESSAGE_KB: '1' });
    harnessIn('9', harnessOf({ only: 2 }));
    await start('9');
    await becomes('9', 'waiting');
    const body = { chat_id: '9', message: 'x'.repeat(2_000) };
    expect((await gateway.post('/api/gateway/send-background', body)).status).toBe(413);
    expect((await newest('9')).state).toBe('waiting');
    await gateway.restart();
  },
  slow,
);
