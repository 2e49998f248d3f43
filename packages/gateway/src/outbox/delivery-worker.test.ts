import type { DeliveryId } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { bot, chat, openOutbox, startTestOutbox, tell, testToken } from './test-outbox.ts';

let clock: TestClock;
let rig: Awaited<ReturnType<typeof startTestOutbox>>;
beforeEach(async () => {
  clock = new TestClock();
  rig = await startTestOutbox(clock);
});
afterEach(() => rig.stop());

const row = (id: DeliveryId) => rig.outbox.find(id, undefined);
const becomes = (id: DeliveryId, like: object): Promise<void> =>
  vi.waitFor(() => expect(row(id)).toMatchObject(like), { timeout: 5000 });
const delivered = (id: DeliveryId): Promise<void> => becomes(id, { state: 'delivered' });
const partsOf = (id: DeliveryId) => rig.parts.of(row(id).seq);
const long = (length: number): string => 'some words '.repeat(length / 11).trim();

const twoMessages = `first ${long(3000)}\n\nsecond ${long(2000)}`;

describe('what is told arrives', () => {
  test('formatted, with its message id stored', async () => {
    const id = rig.outbox.enqueue(tell('**Done**: `x`'));
    await delivered(id);
    const [message] = rig.fake.messages;
    expect(message).toMatchObject({ chatId: '7', token: testToken, text: 'Done: x' });
    expect(message?.entities.map(({ type }) => type)).toEqual(['bold', 'code']);
    expect(partsOf(id)).toMatchObject([{ message_id: message?.messageId, maybe_duplicate: false }]);
  });

  test('only once the transaction that it belongs to is committed', async () => {
    expect(() =>
      rig.database.transaction(() => {
        rig.outbox.enqueue(tell('never'));
        throw new Error('the result was not stored');
      })(),
    ).toThrow();
    await delivered(rig.outbox.enqueue(tell('after')));
    expect(rig.fake.textsIn(7)).toEqual(['after']);
  });

  test('in the order of each chat, however slow another one is', async () => {
    rig.fake.answerNext({ kind: 'hang' }, ({ chatId }) => chatId === '8');
    rig.outbox.enqueue(tell('stuck', '8'));
    const ids = Array.from({ length: 10 }, (_, n) => rig.outbox.enqueue(tell(`message ${n}`)));
    await Promise.all(ids.map(delivered));
    expect(rig.fake.textsIn(7)).toEqual(ids.map((_, n) => `message ${n}`));
    expect(rig.fake.textsIn(8)).toEqual([]);
  });

  test('a long text as several messages, a very long one as a first part and a document', async () => {
    const several = rig.outbox.enqueue(tell(long(9000)));
    await delivered(several);
    expect(rig.fake.messages).toHaveLength(3);
    const text = long(60_000);
    await delivered(rig.outbox.enqueue(tell(text)));
    const [first, document] = rig.fake.messages.slice(3);
    expect(text.startsWith(first?.text ?? 'nothing')).toBe(true);
    expect(document).toMatchObject({
      text: 'The whole text: 59,993 characters.',
      document: { fileName: 'result.md', content: text },
    });
  });

  test.each(['', '  \n', '[a]: https://x.org'])(
    'a text of which nothing is seen: %j',
    async (text) => {
      await delivered(rig.outbox.enqueue(tell(text)));
      expect(rig.fake.messages).toHaveLength(1);
    },
  );
});

describe('what goes wrong', () => {
  test('429: the bot waits as long as it is told, with all its chats', async () => {
    rig.fake.answerNext({ kind: 'refuse', status: 429, retryAfter: 30 });
    const first = rig.outbox.enqueue(tell('a'));
    await becomes(first, { reason: 'rate_limited', state: 'queued', attempts: 0 });
    const other = rig.outbox.enqueue(tell('b', '8'));
    clock.advance(30_000);
    expect(rig.fake.calls).toHaveLength(1);
    clock.advance(1000);
    await Promise.all([first, other].map(delivered));
    expect(row(first)).toMatchObject({ reason: null, detail: null, not_before_ms: 0 });
  });

  test('500 and broken connections: it is tried again, and said that it may have come twice', async () => {
    rig.fake.answerNext({ kind: 'refuse', status: 500 });
    rig.fake.answerNext({ kind: 'garbage', status: 502 });
    rig.fake.answerNext({ kind: 'lost', by: 'cut' });
    const id = rig.outbox.enqueue(tell('a'));
    await becomes(id, { reason: 'telegram_error', attempts: 1 });
    clock.advance(1000);
    await becomes(id, { reason: 'unreachable', attempts: 2 });
    clock.advance(2000);
    await becomes(id, { attempts: 3 });
    clock.advance(4000);
    await delivered(id);
    expect(rig.fake.textsIn(7)).toEqual(['a', 'a']);
    expect(partsOf(id)).toMatchObject([{ maybe_duplicate: true }]);
  });

  test('no answer at all: after a minute it is tried again', async () => {
    rig.fake.answerNext({ kind: 'hang' });
    const id = rig.outbox.enqueue(tell('a'));
    await rig.fake.waitUntil(() => rig.fake.calls.length === 1);
    clock.advance(60_000);
    await becomes(id, { reason: 'unreachable', detail: expect.stringContaining('60 s') });
    clock.advance(1000);
    await delivered(id);
  });

  test('400: this message alone goes without its styles', async () => {
    rig.fake.answerNext({ kind: 'refuse', status: 400 }, ({ text }) => text.includes('second'));
    const id = rig.outbox.enqueue(tell(`**first** ${long(3000)}\n\n**second** ${long(2000)}`));
    await delivered(id);
    expect(rig.fake.messages.map(({ entities }) => entities.length)).toEqual([1, 0]);
    expect(partsOf(id).map(({ plain }) => plain)).toEqual([false, true]);
  });

  test.each([
    [{ kind: 'refuse', status: 403 }, 'forbidden'],
    [{ kind: 'refuse', status: 401 }, 'token_refused'],
    [{ kind: 'refuse', status: 404 }, 'token_refused'],
  ] as const)('%j: it is given up, and the next goes out', async (answer, reason) => {
    rig.fake.answerNext(answer);
    const dead = rig.outbox.enqueue(tell('a'));
    await delivered(rig.outbox.enqueue(tell('b')));
    expect(row(dead)).toMatchObject({ state: 'dead', reason, detail: expect.any(String) });
    expect(rig.outbox.retry(dead, bot)).toEqual({ retried: true, state: 'queued' });
    await delivered(dead);
  });

  test('a group that became a supergroup: it is followed', async () => {
    const moved = { kind: 'refuse', status: 400, migrateTo: -1001 } as const;
    rig.fake.answerNext(moved, ({ chatId }) => chatId === '-5');
    await delivered(rig.outbox.enqueue(tell('a', '-5')));
    expect(rig.fake.textsIn(-1001)).toEqual(['a']);
  });

  test('a chat of another kind: it is said that it is none of Telegram', async () => {
    const id = rig.outbox.enqueue(tell('a', 'web-1'));
    await becomes(id, { state: 'dead', reason: 'not_telegram_chat' });
    expect(row(id).detail).toContain('web-1');
  });

  test('a retry sends only what has not arrived', async () => {
    rig.fake.answerNext({ kind: 'refuse', status: 403 }, (call) => call.text.startsWith('second'));
    const id = rig.outbox.enqueue(tell(twoMessages));
    await becomes(id, { state: 'dead' });
    rig.outbox.retry(id, undefined);
    await delivered(id);
    expect(rig.fake.textsIn(7).map((t) => t.slice(0, 5))).toEqual(['first', 'secon']);
  });

  test('what a chat is not to get any more is withdrawn', async () => {
    rig.fake.answerNext({ kind: 'refuse', status: 500 });
    const id = rig.outbox.enqueue(tell('a'));
    await becomes(id, { attempts: 1 });
    rig.outbox.withdraw(chat('7'), 'The chat was stopped.');
    clock.advance(10_000);
    await delivered(rig.outbox.enqueue(tell('b')));
    expect(row(id)).toMatchObject({ state: 'dead', reason: 'withdrawn' });
    expect(rig.fake.textsIn(7)).toEqual(['b']);
  });
});

test('only what came of some things can be withdrawn', async () => {
  rig.fake.answerNext({ kind: 'refuse', status: 429, retryAfter: 5 });
  const of = (kind: 'task' | 'cron', id: string) =>
    rig.outbox.enqueue({ ...tell(`${kind} ${id}`), source: { kind, id } });
  const ids = [of('task', '1'), of('task', '2'), of('cron', '1'), of('cron', '2')];
  rig.outbox.withdraw(chat('7'), 'The task was cancelled.', { id: '2' });
  rig.outbox.withdraw(chat('7'), 'The chat was stopped.', { kinds: ['task', 'harness'] });
  expect(ids.map((id) => row(id)?.state === 'dead')).toEqual([true, true, false, true]);
});

describe('tokens', () => {
  const other = '4712:AAF-another-token-of-tests-000000';

  test('without one it is dead, and goes out when one comes', async () => {
    rig.database.exec('DELETE FROM bot_tokens');
    const id = rig.outbox.enqueue(tell('a'));
    await becomes(id, { state: 'dead', reason: 'token_missing' });
    rig.tokens.remember(bot, other);
    await delivered(id);
    expect(rig.fake.messages[0]?.token).toBe(other);
  });

  test('what is older than a day does not come out of the blue', async () => {
    rig.database.exec('DELETE FROM bot_tokens');
    const id = rig.outbox.enqueue(tell('old'));
    await becomes(id, { state: 'dead' });
    clock.advance(25 * 3600 * 1000);
    rig.tokens.remember(bot, other);
    await delivered(rig.outbox.enqueue(tell('new')));
    expect(rig.fake.textsIn(7)).toEqual(['new']);
  });

  test('no log, row or answer shows one', async () => {
    const echo = `https://api.telegram.org/bot${testToken}/sendMessage is wrong`;
    rig.fake.answerNext({ kind: 'refuse', status: 403, description: echo });
    rig.fake.answerNext({ kind: 'cut' });
    const dead = rig.outbox.enqueue(tell('a'));
    const cut = rig.outbox.enqueue(tell('b'));
    await becomes(dead, { state: 'dead' });
    await becomes(cut, { attempts: 1 });
    const stored = JSON.stringify(rig.database.prepare('SELECT * FROM deliveries').all());
    expect(row(dead).detail).toContain('/bot[token]/');
    expect(stored + rig.logged()).not.toContain('AAF-a-token');
    expect(rig.database.serialize().includes('AAF-a-token')).toBe(false);
  });

  test('what is no token is not kept, and does not replace one', () => {
    for (const text of ['', ' ', 'x', '1:a/../../b', '12:a b']) rig.tokens.remember(bot, text);
    expect(rig.tokens.of(bot)).toBe(testToken);
  });
});

describe('another start', () => {
  test('goes on where the last one was; what was on its way is marked', async () => {
    rig.fake.answerNext({ kind: 'lost', by: 'hang' }, ({ text }) => text.startsWith('second'));
    const id = rig.outbox.enqueue(tell(twoMessages));
    await rig.fake.waitUntil(() => rig.fake.messages.length === 2);
    const closed = rig.worker.close(0);
    clock.advance(0);
    await closed;
    const next = openOutbox(rig.database, rig.fake.url, clock);
    next.tokens.remember(bot, testToken);
    next.worker.start();
    await delivered(id);
    expect(partsOf(id).map(({ maybe_duplicate }) => maybe_duplicate)).toEqual([false, true]);
    expect(rig.fake.messages).toHaveLength(3);
    await next.worker.close(0);
  });
});
