import { BotId, GatewayError, operations, TurnId } from '@mini-claude-bot/contract';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { Audit } from '../audit/audit.ts';
import { AuditRepo } from '../audit/audit-repo.ts';
import { openDatabase } from '../db/open-database.ts';
import { createLogger } from '../host/logger.ts';
import { TestClock } from '../host/test-clock.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { OperationBinder } from './bind.ts';
import { type Caller, localOwner } from './caller.ts';
import { createLocalClient } from './local-client.ts';

const turnId = TurnId.parse('6f1c3d0e-8a8e-4c55-9d3c-0f1f7f2b9a11');
const hero: Caller = { name: 'hero', botId: BotId.parse('hero') };
const message = { chat_id: '1', message: 'hi' };

const binding = () => {
  const clock = new TestClock();
  const secrets = new KnownSecrets(['a secret of ours']);
  const repo = new AuditRepo(openDatabase(':memory:'));
  const audit = new Audit({ repo, clock, logger: createLogger('silent'), secrets });
  return new OperationBinder(Fastify(), { clock, audit, secrets });
};

test('an input is parsed, confined to the caller and given defaults, as over HTTP', async () => {
  const binder = binding();
  const seen: unknown[] = [];
  binder.bind(operations.stopChat, (input, { caller }) => {
    seen.push([input, caller.name]);
    return { stopped: true };
  });
  const [owner, bound] = [localOwner, hero].map((caller) => createLocalClient(binder, caller));
  await owner?.call(operations.stopChat, { chat_id: '1' });
  await bound?.call(operations.stopChat, { chat_id: '1' });
  expect(seen).toEqual([
    [{ chat_id: '1', bot_id: 'default' }, 'loopback'],
    [{ chat_id: '1', bot_id: 'hero' }, 'hero'],
  ]);
  await expect(
    bound?.call(operations.stopChat, { chat_id: '1', bot_id: 'other' }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await expect(owner?.call(operations.stopChat, { chat_id: 'a/b' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(seen).toHaveLength(2);
});

test('an answer has the form that it has over HTTP', async () => {
  const binder = binding();
  const more = { status: 'ok', uptime_seconds: 1, active_sessions: 0, later: undefined };
  binder.bind(operations.health, () => more as never);
  const answer = await createLocalClient(binder, localOwner).call(operations.health, {});
  expect(Object.keys(answer)).toEqual(['status', 'uptime_seconds', 'active_sessions']);
});

/** Who waited for an answer, and whether they got it. */
function readersOf() {
  const told: string[] = [];
  return { told, told_: () => void told.push('told'), lost: () => void told.push('lost') };
}

test.each([
  ['told', () => ({ response: 'Hello', session_key: '1' })],
  [
    'lost',
    () => {
      throw new GatewayError('internal', 'No.');
    },
  ],
])('whoever waits for the answer is %s', async (what, answer) => {
  const binder = binding();
  const readers = readersOf();
  binder.bind(operations.sendMessage, (_input, { onAnswered }) => {
    onAnswered({ told: readers.told_, lost: readers.lost });
    return answer();
  });
  await createLocalClient(binder, localOwner)
    .call(operations.sendMessage, message)
    .catch(() => {});
  expect(readers.told).toEqual([what]);
});

test('a call that is taken back is not waited for', async () => {
  const binder = binding();
  const readers = readersOf();
  binder.bind(operations.sendMessage, (_input, { onAnswered }) => {
    onAnswered({ told: readers.told_, lost: readers.lost });
    return new Promise(() => {});
  });
  const back = new AbortController();
  const call = createLocalClient(binder, localOwner).call(
    operations.sendMessage,
    message,
    back.signal,
  );
  back.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(readers.told).toEqual(['lost']);
});

test('events come to their end, also for one who looks for no more after the last', async () => {
  const binder = binding();
  const readers = readersOf();
  binder.bind(operations.streamMessage, () => ({
    events: async function* () {
      yield { type: 'turn', content: turnId } as const;
      yield { type: 'done', content: 'Hello' } as const;
    },
    onTold: readers.told_,
    onLost: readers.lost,
  }));
  for await (const event of createLocalClient(binder, localOwner).stream(
    operations.streamMessage,
    message,
  ))
    if (event.type === 'done') break;
  expect(readers.told).toEqual(['told']);
});

test('one who leaves before is gone for the source too', async () => {
  const binder = binding();
  const readers = readersOf();
  let gone: AbortSignal | undefined;
  binder.bind(operations.streamMessage, () => ({
    events: async function* (signal) {
      gone = signal;
      yield { type: 'turn', content: turnId } as const;
      yield { type: 'done', content: 'Hello' } as const;
    },
    onTold: readers.told_,
    onLost: readers.lost,
  }));
  for await (const _ of createLocalClient(binder, localOwner).stream(
    operations.streamMessage,
    message,
  ))
    break;
  expect(gone?.aborted).toBe(true);
  expect(readers.told).toEqual(['lost']);
});

test('known secrets are kept out of its answers', async () => {
  const binder = binding();
  binder.bind(operations.sendMessage, () => ({
    response: 'It is a secret of ours.',
    session_key: '1',
  }));
  const client = createLocalClient(binder, localOwner);
  expect((await client.call(operations.sendMessage, message)).response).toBe('It is [hidden].');
});
