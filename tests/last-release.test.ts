import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDump } from './fixtures/sql-dump.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  const file = join(gateway.home, 'last-release.db');
  loadDump(file, readFileSync(new URL('fixtures/schema-18.sql', import.meta.url), 'utf8'));
  await gateway.restart({ DATABASE_PATH: file });
});
afterAll(() => gateway.stop());

test('what the last release has written is there', async () => {
  const { client } = gateway;
  const sessions = await client.call(operations.listChatSessions, {});
  expect(sessions).toHaveLength(3);
  expect(await client.call(operations.listMemories, {})).toMatchObject([
    { key: 'tea', content: 'They drink green tea.' },
  ]);
  expect(await client.call(operations.listTokens, {})).toMatchObject([{ name: 'phone' }]);
  const [job] = await client.call(operations.listCronJobs, {});
  expect(job).toMatchObject({ name: 'Backup of photos', enabled: 1 });
  // It is due by now, whenever that is: another run may have been made up for.
  const runs = await client.call(operations.cronHistory, { job_id: job?.id ?? 0 });
  expect(runs.at(-1)).toMatchObject({ id: 1, state: 'succeeded', trigger: 'manual' });
  expect(await client.call(operations.listTasks, {})).toMatchObject([{ state: 'completed' }]);
  expect(await client.call(operations.listDeliveries, {})).toEqual(
    expect.arrayContaining([expect.objectContaining({ state: 'dead' })]),
  );
});

test('it is searched, and written', async () => {
  const { client } = gateway;
  const hits = await client.call(operations.searchChat, { q: 'hello' });
  expect(hits.map(({ content }) => content)).toContain('Hello [[text:Hi there.]]');
  await client.call(operations.addMemory, { key: 'new', content: 'Coffee since then.' });
  expect(await client.call(operations.searchMemories, { q: 'coffee' })).toHaveLength(1);
});
