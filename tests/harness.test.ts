import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
    script: harnessModel(2),
    env: { TELEGRAM_API_ROOT: telegram.url },
  });
});
afterAll(async () => {
  await gateway.stop();
  await telegram.close();
});

const call: TestGateway['client']['call'] = (...input) => gateway.client.call(...input);
const directoryOf = (chat: string) => join(gateway.home, 'sessions', 'default', chat);

const ended = (chat_id: string) =>
  eventually(
    'the task ended',
    async () => {
      const status = await call(operations.taskStatus, { chat_id });
      return status.status !== 'running' && status.status !== 'idle' && status;
    },
    patient,
  );

test('three phases, planned in the chat, are worked off in the background, and reported', async () => {
  const chat_id = '501';
  const tasks = JSON.stringify(harnessOf({ plan: 2, build: 3, check: 1 }));
  const planned = await call(operations.sendMessage, {
    chat_id,
    message: `[[tool:Bash ${JSON.stringify({ command: `mkdir .harness && echo '${tasks}' > .harness/tasks.json` })}]] [[/]] [[text:Shall I? [HARNESS_EXEC_READY]]]`,
  });
  expect(planned.response).toBe('Shall I? [HARNESS_EXEC_READY]');
  const [idle] = (await call(operations.harnessStatus, { chat_id })).jobs;
  expect(idle).toMatchObject({ bg_status: 'idle', chain_depth: 0, project_id: '' });

  const message = 'Carry out the plan.';
  expect(await call(operations.startTask, { chat_id, message, bot_token })).toMatchObject({
    status: 'started',
  });
  expect(await ended(chat_id)).toMatchObject({
    status: 'completed',
    result: 'tea: Complete: all 6 tasks are done.\n\nI did a batch.',
  });
  const { jobs } = await call(operations.harnessStatus, { chat_id });
  expect(jobs).toEqual([
    {
      bg_status: 'completed',
      elapsed_seconds: expect.any(Number),
      chain_depth: 3,
      project_id: '',
      cwd: directoryOf(chat_id),
      harness: {
        project_name: 'tea',
        current_phase: 'check',
        total: 6,
        done: 6,
        in_progress: 0,
        blocked: 0,
        pending: 0,
        phases: {
          plan: { total: 2, done: 2, in_progress: 0, blocked: 0, pending: 0 },
          build: { total: 3, done: 3, in_progress: 0, blocked: 0, pending: 0 },
          check: { total: 1, done: 1, in_progress: 0, blocked: 0, pending: 0 },
        },
      },
    },
  ]);
  expect(telegram.textsIn(chat_id)).toEqual([
    'tea: Batch done (phase plan): 2 of 6 tasks. The next one follows.',
    'tea: Batch done (phase build): 4 of 6 tasks. The next one follows.',
    'tea: Batch done (phase build): 5 of 6 tasks. The next one follows.',
    'tea: Complete: all 6 tasks are done.\n\nI did a batch.',
  ]);
}, 180_000);
