import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BotId, type Operation, operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { noClaude } from '../support/no-claude.ts';
import { operationRequest } from '../support/operation-request.ts';
import { bearer } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** Every file below the gateway's home. */
const files = (): string[] => readdirSync(gateway.home, { recursive: true, encoding: 'utf8' });

describe('CVE-2026-62202: who may speak for one bot gains nothing by a schedule', () => {
  let token: string;
  beforeAll(async () => {
    const asked = { name: 'hero', bot_id: 'hero' };
    token = (await gateway.client.call(operations.createToken, asked)).token;
  });

  async function ask(operation: Operation, input: Readonly<Record<string, unknown>>) {
    const { method, path, headers, body } = operationRequest(operation, input);
    const response = await fetch(gateway.url + path, {
      method,
      headers: { ...headers, ...bearer(token) },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, text: await response.text() };
  }
  const job = { name: 'x', cron_expression: '* * * * * *', command: 'touch pwned' };
  const ownersJob = async (more: object): Promise<number> =>
    (await gateway.client.call(operations.createCronJob, { ...job, bot_id: 'hero', ...more })).id;
  const ofHero = () =>
    gateway.client.call(operations.listCronJobs, { bot_id: BotId.parse('hero') });

  test('it has no command run', async () => {
    const claude = await ask(operations.createCronJob, {
      ...job,
      job_type: 'claude',
      enabled: false,
    });
    expect(claude.status).toBe(201);
    const { id } = z.object({ id: z.number() }).parse(JSON.parse(claude.text));
    const tries = [
      await ask(operations.createCronJob, job),
      await ask(operations.createCronJob, { ...job, job_type: 'shell' }),
      await ask(operations.createCronJob, { ...job, job_type: 'shell', bot_id: 'default' }),
      await ask(operations.createCronJob, { ...job, job_type: 'claude', bot_id: 'default' }),
      await ask(operations.updateCronJob, { job_id: id, job_type: 'shell' }),
      await ask(operations.updateCronJob, { job_id: id, job_type: 'shell', enabled: true }),
    ];
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 403));
    expect((await ofHero()).map(({ job_type }) => job_type)).toEqual(['claude']);
    await ask(operations.deleteCronJob, { job_id: id });
  });

  test('it neither sees, changes nor starts a command of its owner', async () => {
    const job_id = await ownersJob({
      cron_expression: '@yearly',
      command: 'echo hush',
      alert_after: 1,
    });
    await gateway.client.call(operations.runCronJob, { job_id: job_id as never });
    const before = await ofHero();
    const ofOneJob = Object.values<Operation>(operations).filter(
      ({ input }) => 'job_id' in input.shape,
    );
    expect(ofOneJob.length).toBeGreaterThan(5);
    for (const operation of ofOneJob) {
      const { status, text } = await ask(operation, { job_id, command: 'touch pwned' });
      expect([status, text], operation.id).toEqual([
        404,
        '{"detail":"There is no job with this id."}',
      ]);
    }
    for (const operation of [operations.listCronJobs, operations.listCronIncidents]) {
      expect((await ask(operation, {})).text).toBe('[]');
    }
    expect(await ofHero()).toEqual(before);
    // Nor its directory, under whichever name it has there.
    expect((await ask(operations.stopChat, { chat_id: `cron-${job_id}` })).status).toBe(200);
    expect(
      (await ask(operations.stopChat, { bot_id: '.shell-jobs', chat_id: `${job_id}` })).status,
    ).toBe(403);
    expect(existsSync(join(gateway.home, 'sessions/.shell-jobs', `${job_id}`))).toBe(true);
    await gateway.client.call(operations.deleteCronJob, { job_id: job_id as never });
  });

  test('nothing of it was carried out', () => {
    expect(files().filter((name) => basename(name) === 'pwned')).toEqual([]);
  });

  test('it says no more by a schedule than it may directly', async () => {
    await gateway.stop();
    gateway = await startTestGateway({ env: { ...noClaude, GATEWAY_MESSAGES_PER_MINUTE: '2' } });
    const asked = { name: 'hero', bot_id: 'hero' };
    token = (await gateway.client.call(operations.createToken, asked)).token;
    const { text } = await ask(operations.createCronJob, {
      ...job,
      cron_expression: '@yearly',
      job_type: 'claude',
      overlap: 'parallel',
    });
    const { id: job_id } = z.object({ id: z.number() }).parse(JSON.parse(text));
    const results: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const ran = await ask(operations.runCronJob, { job_id });
      results.push(z.object({ result: z.string() }).parse(JSON.parse(ran.text)).result);
    }
    const refused = results.filter((result) => result.includes('2 messages a minute'));
    expect(refused).toHaveLength(2);
    expect(await gateway.client.call(operations.listTurns, {})).toHaveLength(2);
  });
});
