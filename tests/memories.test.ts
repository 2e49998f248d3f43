import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EmbeddingServer } from './support/embedding-server.ts';
import { eventually } from './support/eventually.ts';
import { indexSizes, untilIndexed } from './support/indexes.ts';
import { noClaude } from './support/no-claude.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let embeddings: EmbeddingServer;
beforeAll(async () => {
  embeddings = await EmbeddingServer.atFreePort();
  await embeddings.start();
  gateway = await startTestGateway({ env: { ...noClaude, ...embeddings.env } });
});
afterAll(async () => {
  await gateway.stop();
  await embeddings.stop();
});

const add = async (key: string, content: string, more: object = {}): Promise<number> =>
  (await gateway.client.call(operations.addMemory, { key, content, ...more })).id;
const list = (input: object = {}) => gateway.client.call(operations.listMemories, input);
const find = async (q: string, more: object = {}): Promise<string[]> =>
  (await gateway.client.call(operations.searchMemories, { q, ...more })).map(({ key }) => key);
const remove = (memory_id: number) => gateway.client.call(operations.deleteMemory, { memory_id });

async function request(method: string, path: string, body?: object) {
  const response = await fetch(gateway.url + path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

test('are stored, listed by category, changed and removed, in the old form', async () => {
  const made = await request('POST', '/api/memory', { key: 'pet', content: 'a tortoise' });
  expect(made).toEqual({ status: 201, body: { id: expect.any(Number) } });
  const { id } = made.body as { id: number };
  await add('boss', 'Ms. Novak', { category: 'people' });
  const row = {
    id,
    key: 'pet',
    content: 'a tortoise',
    category: 'general',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/),
    updated_at: expect.any(String),
    bot_id: 'default',
  };
  expect((await request('GET', '/api/memory?category=general')).body).toEqual([row]);
  expect((await list()).map(({ key }) => key)).toEqual(['boss', 'pet']);
  const changed = await request('PUT', `/api/memory/${id}`, { category: 'animals' });
  expect(changed).toMatchObject({ status: 200, body: { ...row, category: 'animals' } });
  expect(await list({ category: 'general' })).toEqual([]);
  expect(await request('DELETE', `/api/memory/${id}`)).toEqual({
    status: 200,
    body: { deleted: true },
  });
  for (const [method, body] of [['PUT', { content: 'x' }], ['DELETE']] as const)
    expect((await request(method, `/api/memory/${id}`, body)).status).toBe(404);
});

test('a key is unique for a bot, and free again after it was removed', async () => {
  const id = await add('colour', 'green', { bot_id: 'keys' });
  const again = { key: 'colour', content: 'blue', bot_id: 'keys' };
  expect(await request('POST', '/api/memory', again)).toEqual({
    status: 409,
    body: { detail: expect.stringContaining('already') },
  });
  expect(await list({ bot_id: 'keys' })).toMatchObject([{ content: 'green' }]);
  await add('colour', 'red', { bot_id: 'others' });
  await remove(id);
  await add('colour', 'blue', { bot_id: 'keys' });
  expect(await find('colour blue', { bot_id: 'keys', mode: 'text' })).toEqual(['colour']);
  expect(await find('green', { bot_id: 'keys', mode: 'text' })).toEqual([]);
});

test('are found by key, by content and by meaning, and no other bot finds them', async () => {
  await add('heating-service', 'Call Mr. Brandt before winter', { bot_id: 'finds' });
  await add('birthday', 'May 5', { bot_id: 'finds' });
  await untilIndexed(gateway);
  expect(await find('heating', { bot_id: 'finds', mode: 'text' })).toEqual(['heating-service']);
  expect(await find('Brandt', { bot_id: 'finds', mode: 'text' })).toEqual(['heating-service']);
  expect((await find('锅炉', { bot_id: 'finds' }))[0]).toBe('heating-service');
  for (const mode of ['text', 'vector', 'hybrid'])
    expect(await find('heating Brandt', { bot_id: 'nobody', mode })).toEqual([]);
});

test('one that is changed is found by what it says now, and no more by what it said', async () => {
  const id = await add('car', 'a yellow Trabant', { bot_id: 'changes' });
  await untilIndexed(gateway);
  await gateway.client.call(operations.updateMemory, {
    memory_id: id,
    content: 'an electric bicycle',
  });
  expect(await find('Trabant', { bot_id: 'changes', mode: 'text' })).toEqual([]);
  expect(await find('bicycle', { bot_id: 'changes', mode: 'text' })).toEqual(['car']);
  await untilIndexed(gateway);
  const [hit] = await gateway.client.call(operations.searchMemories, {
    q: 'electric bicycle',
    bot_id: 'changes',
    mode: 'vector',
  });
  expect(hit?.distance).toBeLessThan(0.7);
});

test('nothing of one that is removed is left in any index', async () => {
  const before = await eventually('all is swept', () => {
    const sizes = indexSizes(gateway.home);
    return sizes.stale === 0 && sizes.vectors === sizes.passages ? sizes : undefined;
  });
  const long = 'The attic holds boxes of photographs from the lake. '.repeat(60);
  const id = await add('attic', long, { bot_id: 'gone' });
  await untilIndexed(gateway);
  const with_ = indexSizes(gateway.home);
  expect(with_.passages).toBeGreaterThan(before.passages + 2);
  expect([with_.words, with_.vectors, with_.codes]).toEqual(Array(3).fill(with_.passages));
  await remove(id);
  for (const mode of ['text', 'vector', 'hybrid'])
    expect(await find('attic photographs', { bot_id: 'gone', mode })).toEqual([]);
  await eventually('its index entries are gone', () => {
    const after = indexSizes(gateway.home);
    return JSON.stringify(after) === JSON.stringify(before);
  });
});

test('bad input changes nothing', async () => {
  const before = await list();
  const bad = [
    {},
    { key: '', content: 'x' },
    { key: 'x', content: ' ' },
    { key: 'x', content: 7 },
    { key: 'x', content: 'y', bot_id: '../x' },
  ];
  for (const body of bad) expect((await request('POST', '/api/memory', body)).status).toBe(422);
  expect((await request('PUT', '/api/memory/nine', { content: 'x' })).status).toBe(422);
  expect((await request('DELETE', '/api/memory/999999')).status).toBe(404);
  expect(await list()).toEqual(before);
});
