import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const send = (chat_id: string, message: string) =>
  gateway.client.call(operations.sendMessage, { chat_id, message });

test('a chat remembers what was said before', async () => {
  expect(await send('memory', 'My name is Wei. [[text:Noted.]]')).toEqual({
    response: 'Noted.',
    session_key: 'memory',
  });
  const { response } = await send('memory', '[[history]]');
  expect(response).toContain('My name is Wei.');
});
