import type { LiveEvent } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { LiveChanges } from './live-changes.ts';

/** Somebody who hears what they take, when they take it. */
function reading(live: LiveChanges, botId?: string) {
  const gone = new AbortController();
  const events = live.follow(botId, gone.signal);
  const next = async (): Promise<LiveEvent> => {
    const { value, done } = await events.next();
    if (done === true) throw new Error('no more comes');
    return value;
  };
  return { next, events, leave: () => gone.abort() };
}

const chat = (chat_id: string, id?: string) =>
  ({ topic: 'turns', bot_id: 'b', chat_id, ...(id === undefined ? {} : { id }) }) as const;

test('a change is told at once, and then a few times a second while it goes on', async () => {
  const clock = new TestClock();
  const live = new LiveChanges(clock);
  const { next } = reading(live);
  expect(await next()).toMatchObject({ topic: 'ready' });
  const first = next();
  for (let n = 0; n < 1000; n += 1) live.changed(chat('1', `turn ${n}`));
  expect(await first).toEqual(chat('1', 'turn 0'));
  // Another chat need not wait for it.
  live.changed(chat('2', 'x'));
  expect(await next()).toEqual(chat('2', 'x'));
  const second = next();
  clock.advance(300);
  // Of several none is named.
  expect(await second).toEqual(chat('1'));
  const third = next();
  live.changed(chat('1', 'last'));
  clock.advance(300);
  expect(await third).toEqual(chat('1', 'last'));
  clock.advance(10_000);
  expect(clock.pending).toBe(0);
});

test('one that is slow hears each thing once; one that is much too slow reads everything', async () => {
  const clock = new TestClock();
  const live = new LiveChanges(clock);
  const { next } = reading(live);
  await next();
  const pending = next();
  live.changed(chat('1', 'a'));
  await pending;
  for (let n = 0; n < 10; n += 1) {
    live.changed(chat('2', `turn ${n}`));
    clock.advance(1000);
  }
  expect(await next()).toEqual(chat('2'));
  for (let n = 0; n < 1000; n += 1) live.changed(chat(`chat ${n}`));
  expect(await next()).toEqual({ topic: 'reset' });
  const after = next();
  live.changed(chat('afterwards'));
  expect(await after).toEqual(chat('afterwards'));
});

test('very much that changes at once costs no more than its bound', async () => {
  const clock = new TestClock();
  const live = new LiveChanges(clock);
  const { next } = reading(live);
  await next();
  for (let n = 0; n < 100_000; n += 1) live.changed(chat(`chat ${n}`));
  expect(clock.pending).toBeLessThanOrEqual(2_000);
  expect(await next()).toEqual({ topic: 'reset' });
});

test("whoever may hear of one bot hears of no other's, nor of what is no bot's", async () => {
  const live = new LiveChanges(new TestClock());
  const { next } = reading(live, 'b');
  await next();
  live.changed({ topic: 'status' });
  live.changed({ topic: 'turns', bot_id: 'a', chat_id: '1' });
  live.changed(chat('1'));
  expect(await next()).toEqual(chat('1'));
});

test('who leaves is forgotten, and nothing is waited for', async () => {
  const clock = new TestClock();
  const live = new LiveChanges(clock);
  live.changed(chat('1'));
  expect(clock.pending).toBe(0);
  const { next, events, leave } = reading(live);
  await next();
  const waiting = events.next();
  expect(live.readers).toBe(1);
  leave();
  expect((await waiting).done).toBe(true);
  expect([live.readers, clock.pending]).toEqual([0, 0]);
});
