import { ConnectionLostError, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { TurnFault, WaitedTooLongError } from './faults.ts';
import { type CallContext, sendMessage } from './send-message.ts';
import { type FakeGateway, fakeGateway, TestTime } from './test-parts.ts';

const turnId = '6f1c3d0e-8a8e-4c55-9d3c-0f1f7f2b9a11';
const turn = { type: 'turn', content: turnId };
const input = { chat_id: '1', message: 'hi' };

type Step = object | Error;

/** A gateway on which each try to send goes as said; after its steps a stream ends. */
function gatewayOf(tries: Step[][], answer = () => ({ cancelled: true })): FakeGateway {
  return fakeGateway(answer, async function* () {
    for (const step of tries.shift() ?? []) {
      if (step instanceof Error) throw step;
      yield step;
    }
  });
}

function send({ client }: FakeGateway, context: Partial<CallContext> = {}, time = new TestTime()) {
  const said: string[] = [];
  const after = (ms: number, callback: () => void): (() => void) => {
    // Only the wait for the whole reply is as long.
    if (ms === 960_000) return time.after(ms, callback);
    callback();
    return () => {};
  };
  const sent = sendMessage(
    input,
    { client, after, longestMs: 960_000, newKey: () => 'k' },
    {
      signal: new AbortController().signal,
      isTakenBack: () => true,
      progress: (text) => said.push(text),
      ...context,
    },
  );
  return { sent, said };
}

test('the reply is what the last event says; what happens meanwhile is progress', async () => {
  const gateway = gatewayOf([
    [
      turn,
      { type: 'queued', content: 'One message comes first.', position: 1 },
      { type: 'started', content: '' },
      { type: 'thinking', content: 'hm' },
      { type: 'tool', name: 'Bash', content: 'ls' },
      { type: 'text', content: 'x'.repeat(1_500) },
      { type: 'done', content: 'Hello' },
    ],
  ]);
  const { sent, said } = send(gateway);
  expect(await sent).toEqual({ response: 'Hello', session_key: '1', turn_id: turnId });
  expect(said).toEqual([
    'One message comes first.',
    'Claude has begun.',
    'Bash: ls',
    'Claude has written 1500 characters.',
  ]);
});

test('a reply that is too long for a last event is its text, less what was taken back', async () => {
  const gateway = gatewayOf([
    [
      turn,
      { type: 'text', content: 'wrong' },
      { type: 'restart', content: 'Again.' },
      { type: 'text', content: 'ri' },
      { type: 'text', content: 'ght' },
    ],
  ]);
  expect(await send(gateway).sent).toMatchObject({ response: 'right' });
});

test('a connection that breaks off is made anew, with the same key', async () => {
  const lost = new ConnectionLostError('gone');
  const gateway = gatewayOf([
    [turn, { type: 'text', content: 'half' }, lost],
    [new UnreachableError('nobody')],
    [new GatewayError('shutting_down', 'stopping')],
    [turn, { type: 'done', content: 'all of it' }],
  ]);
  expect(await send(gateway).sent).toMatchObject({ response: 'all of it' });
  const keys = gateway.asked.map(({ input: asked }) =>
    z.object({ idempotency_key: z.string() }).parse(asked),
  );
  expect(keys).toEqual(Array.from({ length: 4 }, () => ({ idempotency_key: 'k' })));
});

test('a gateway that is not there is not waited for', async () => {
  const gateway = gatewayOf([[new UnreachableError('nobody')]]);
  await expect(send(gateway).sent).rejects.toThrow(UnreachableError);
  expect(gateway.asked).toHaveLength(1);
});

test('one that never comes back is given up', async () => {
  const gateway = fakeGateway(
    () => undefined,
    async function* () {
      yield turn;
      throw new ConnectionLostError('gone');
    },
  );
  await expect(send(gateway).sent).rejects.toThrow(ConnectionLostError);
  expect(gateway.asked.length).toBe(31);
});

test.each([
  [{ type: 'done', content: '[ERROR] No.', error: 'overloaded' }, 'overloaded', /^\[ERROR\] No\./],
  [{ type: 'done', content: 'half', stopped: true }, 'interrupted', /stopped\. half$/],
  [
    { type: 'error', content: 'Busy.', code: 'queue_timeout', busy: true },
    'queue_timeout',
    /not run/,
  ],
])('%o has no reply', async (event, code, words) => {
  const failure = await send(gatewayOf([[turn, event]])).sent.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TurnFault);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(words) });
});

/** Events that come as a test lets them, until whoever reads has left. */
function openStream() {
  const waiting: ((event: object | undefined) => void)[] = [];
  const gateway = fakeGateway(
    () => ({ cancelled: true }),
    async function* (_input, signal) {
      for (;;) {
        const event = await new Promise<object | undefined>((resolve) => {
          waiting.push(resolve);
          signal?.addEventListener('abort', () => resolve(undefined));
        });
        if (event === undefined) throw signal?.reason;
        yield event;
      }
    },
  );
  const tell = async (event: object): Promise<void> => {
    while (waiting.length === 0) await Promise.resolve();
    waiting.shift()?.(event);
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
  };
  return { gateway, tell };
}

test.each([
  ['before its turn is known', true],
  ['while it runs', false],
])('a call that is taken back %s ends its turn', async (_words, early) => {
  const { gateway, tell } = openStream();
  const taken = new AbortController();
  const { sent } = send(gateway, { signal: taken.signal });
  const ended = sent.catch((error: unknown) => error);
  if (early) taken.abort();
  await tell(turn);
  taken.abort();
  await tell({ type: 'started', content: '' });
  expect(gateway.asked.slice(1)).toEqual([{ id: 'cancelTurn', input: { turn_id: turnId } }]);
  await tell({ type: 'done', content: '', stopped: true });
  expect(await ended).toBeInstanceOf(TurnFault);
});

test('a caller that has gone away leaves the turn as it is', async () => {
  const { gateway, tell } = openStream();
  const gone = new AbortController();
  const { sent } = send(gateway, { signal: gone.signal, isTakenBack: () => false });
  const ended = sent.catch((error: unknown) => error);
  await tell(turn);
  gone.abort();
  await ended;
  expect(gateway.asked.map(({ id }) => id)).toEqual(['streamMessage']);
});

test('the wait has an end, which the turn has not', async () => {
  const { gateway, tell } = openStream();
  const time = new TestTime();
  const { sent } = send(gateway, {}, time);
  const ended = sent.catch((error: unknown) => error);
  await tell(turn);
  time.pass(960_000);
  const failure = await ended;
  expect(failure).toBeInstanceOf(WaitedTooLongError);
  expect(failure).toMatchObject({ message: expect.stringContaining(turnId) });
  expect(gateway.asked.map(({ id }) => id)).toEqual(['streamMessage']);
});
