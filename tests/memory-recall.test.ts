import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EmbeddingServer } from './support/embedding-server.ts';
import { untilIndexed } from './support/indexes.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let embeddings: EmbeddingServer;
beforeAll(async () => {
  embeddings = await EmbeddingServer.atFreePort();
  await embeddings.start();
  gateway = await startTestGateway({
    env: { ...embeddings.env, MEMORY_RECALL: 'on', MEMORY_RECALL_MAX: '2' },
  });
  const memories = [
    { key: 'lift', content: 'The elevator is broken: call Ms. Ito.', bot_id: 'hero' },
    { key: 'dinner', content: 'Dinner is at seven.', bot_id: 'hero' },
    { key: 'lift', content: 'The elevator is broken: call Mr. Strange.', bot_id: 'stranger' },
  ];
  for (const memory of memories) await gateway.client.call(operations.addMemory, memory);
  await untilIndexed(gateway);
});
afterAll(async () => {
  await gateway.stop();
  await embeddings.stop();
});

/** What the model was sent for a message, as text. */
async function sentFor(message: string, chat_id: string): Promise<string> {
  await gateway.client.call(operations.sendMessage, { chat_id, bot_id: 'hero', message });
  const request = gateway.fake.requests.findLast(({ conversation }) =>
    conversation?.prompt.includes(message),
  );
  return JSON.stringify(request);
}

test.each([
  ['by its words', 'Who mends a broken elevator?'],
  ['by its meaning, in another language', '电梯坏了'],
])('Claude is told the memories that matter to a message, %s', async (how, message) => {
  const sent = await sentFor(message, how);
  expect(sent).toContain('The elevator is broken: call Ms. Ito.');
  expect(sent).not.toContain('Dinner is at seven.');
  expect(sent).not.toContain('Mr. Strange');
});

test('they are no part of what the user said', async () => {
  const history = await gateway.client.call(operations.getChatSession, {
    session_id: 'gw-hero-by its words',
  });
  expect(history[0]?.content).toBe('Who mends a broken elevator?');
});

test('nothing is told where nothing matters, and without an embedding server by words alone', async () => {
  expect(await sentFor('Good evening to you', 'none')).not.toContain('From the memory');
  await embeddings.stop();
  const sent = await sentFor('elevator, please', 'words');
  expect(sent).toContain('The elevator is broken: call Ms. Ito.');
});

test('nothing is told where it was not asked for', async () => {
  await gateway.restart({ MEMORY_RECALL: 'off' });
  expect(await sentFor('Who mends that elevator, again?', 'off')).not.toContain('Ms. Ito');
});
