import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeTelegram, startFakeTelegram } from './server.ts';

const token = '123:abc';
let fake: FakeTelegram;
beforeEach(async () => {
  fake = await startFakeTelegram();
});
afterEach(() => fake.close());

async function call(method: string, fields: object = {}, as = token) {
  const response = await fetch(`${fake.url}/bot${as}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('as the Bot API', () => {
  test('a message is sent, edited and removed', async () => {
    const sent = await call('sendMessage', { chat_id: 7, text: 'a' });
    expect(sent).toMatchObject({
      status: 200,
      body: { ok: true, result: { message_id: 1, text: 'a', chat: { id: 7, type: 'private' } } },
    });
    const where = { chat_id: '7', message_id: 1 };
    await call('editMessageText', { ...where, text: 'b' });
    expect(fake.messages).toMatchObject([{ text: 'b', edits: 1 }]);
    expect(await call('editMessageText', { ...where, text: 'b' })).toMatchObject({
      body: { description: expect.stringContaining('message is not modified') },
    });
    expect((await call('deleteMessage', where)).body).toEqual({ ok: true, result: true });
    expect((await call('deleteMessage', where)).status).toBe(400);
    expect(fake.textsIn(7)).toEqual([]);
  });

  test('a document comes with its name and what is in it', async () => {
    const form = new FormData();
    form.set('chat_id', '-5');
    form.set('caption', 'all of it');
    form.set('document', 'attach://file');
    form.set('file', new File(['# Héllo\r\n--x'], 'r.md', { type: 'text/markdown' }));
    await fetch(`${fake.url}/bot${token}/sendDocument`, { method: 'POST', body: form });
    expect(fake.messages).toMatchObject([
      {
        chatId: '-5',
        text: 'all of it',
        document: { fileName: 'r.md', content: '# Héllo\r\n--x' },
      },
    ]);
  });

  test.each([
    ['an empty text', { chat_id: 7, text: ' \n' }, 'message text is empty'],
    ['a long text', { chat_id: 7, text: 'a'.repeat(4097) }, 'message is too long'],
    ['no chat', { text: 'a' }, 'chat_id'],
    ['no such chat', { chat_id: 'web', text: 'a' }, 'chat not found'],
    [
      'a wrong style',
      { chat_id: 7, text: 'a', entities: [{ type: 'bold', offset: 0, length: 2 }] },
      'ends after',
    ],
    [
      'an unknown style',
      { chat_id: 7, text: 'a', entities: [{ type: 'red', offset: 0, length: 1 }] },
      'entities',
    ],
  ])('%s is refused', async (_what, fields, words) => {
    expect(await call('sendMessage', fields)).toMatchObject({
      status: 400,
      body: { ok: false, error_code: 400, description: expect.stringContaining(words) },
    });
    expect(fake.messages).toEqual([]);
  });

  test('tokens', async () => {
    expect((await call('getMe')).body).toMatchObject({ result: { username: 'fake_123_bot' } });
    expect((await call('getMe', {}, 'no-token')).status).toBe(404);
    const strict = await startFakeTelegram({ tokens: ['1:other'] });
    expect((await fetch(`${strict.url}/bot${token}/getMe`)).status).toBe(401);
    await strict.close();
  });
});

describe('as it is told', () => {
  test('it refuses, once', async () => {
    fake.answerNext({ kind: 'refuse', status: 429, retryAfter: 3 });
    expect((await call('sendMessage', { chat_id: 7, text: 'a' })).body).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 3',
      parameters: { retry_after: 3 },
    });
    expect((await call('sendMessage', { chat_id: 7, text: 'a' })).status).toBe(200);
    expect(fake.calls).toHaveLength(2);
  });

  test('only a call that fits is answered differently', async () => {
    fake.answerNext({ kind: 'refuse', status: 403 }, ({ chatId }) => chatId === '8');
    expect((await call('sendMessage', { chat_id: 7, text: 'a' })).status).toBe(200);
    expect((await call('sendMessage', { chat_id: 8, text: 'a' })).status).toBe(403);
  });

  test('it cuts the connection, before or after it is done', async () => {
    fake.answerNext({ kind: 'cut' });
    await expect(call('sendMessage', { chat_id: 7, text: 'a' })).rejects.toThrow();
    expect(fake.messages).toEqual([]);
    fake.answerNext({ kind: 'lost', by: 'cut' });
    await expect(call('sendMessage', { chat_id: 7, text: 'a' })).rejects.toThrow();
    expect(fake.messages).toHaveLength(1);
  });

  test('it hangs, and a script decides', async () => {
    fake.follow(({ text }) => (text === 'slow' ? { kind: 'lost', by: 'hang' } : undefined));
    const gone = new AbortController();
    const slow = fetch(`${fake.url}/bot${token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: 7, text: 'slow' }),
      signal: gone.signal,
    });
    await fake.waitUntil(() => fake.messages.length === 1);
    gone.abort();
    await expect(slow).rejects.toThrow();
    expect((await call('sendMessage', { chat_id: 7, text: 'quick' })).status).toBe(200);
  });
});
