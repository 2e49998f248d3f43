import { once } from 'node:events';
import { setImmediate as nextRound } from 'node:timers/promises';
import type { TurnEvent } from '@mini-claude-bot/contract';
import { describe, expect, test } from 'vitest';
import { TurnFeed } from '../turns/turn-feed.ts';
import { readAll, startStreamServer } from './test-stream-server.ts';

const text = (content: string): TurnEvent => ({ type: 'text', content });
const done = { type: 'done', content: 'hello' } as const;
const line = (event: TurnEvent): string => `data: ${JSON.stringify(event)}\n\n`;

/** A stream that follows a feed, as those of turns do. */
async function serveFeed() {
  const feed = new TurnFeed();
  const server = await startStreamServer((gone) => feed.read(gone));
  return { feed, ...server };
}

/** Waits until something is so; asks again whenever the system has had its turn. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextRound();
}

describe('events', () => {
  test('go out in order, as lines of an event stream', async () => {
    const { feed, open } = await serveFeed();
    const incoming = await open();
    expect(incoming.statusCode).toBe(200);
    expect(incoming.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const body = readAll(incoming);
    for (const word of ['a', 'b', 'c']) feed.append(text(word));
    feed.end(done);
    expect(await body).toBe([text('a'), text('b'), text('c'), done].map(line).join(''));
  });

  test('go out at once: each is there before the next is said', async () => {
    const { feed, open } = await serveFeed();
    const incoming = await open();
    const chunks = incoming.setEncoding('utf8')[Symbol.asyncIterator]();
    for (const word of ['a', 'b', 'c']) {
      feed.append(text(word));
      expect(await chunks.next()).toEqual({ done: false, value: line(text(word)) });
    }
    feed.end(done);
    expect(await chunks.next()).toEqual({ done: false, value: line(done) });
    expect((await chunks.next()).done).toBe(true);
  });

  test('each line has an id where readers can come back, and those they have are left out', async () => {
    const [a, b] = ['a'.repeat(2_700), 'b'];
    const server = await startStreamServer(async function* () {
      yield { event: text('put in'), id: undefined, skip: 0 };
      yield { event: text(a + b), id: '7', skip: 0 };
      yield { event: text(a + b), id: '8', skip: 1 };
      yield { event: done, id: '9', skip: 0 };
    });
    expect(await readAll(await server.open())).toBe(
      [
        line(text('put in')),
        `id: 7.0\n${line(text(a))}`,
        `id: 7.1\n${line(text(b))}`,
        `id: 8.1\n${line(text(b))}`,
        `id: 9.0\n${line(done)}`,
      ].join(''),
    );
  });

  test('the head goes out before there is any event', async () => {
    const { open } = await serveFeed();
    expect((await open()).statusCode).toBe(200);
  });
});

describe('signs of life', () => {
  test('come every 15 s while nothing is said', async () => {
    const { clock, open } = await serveFeed();
    const incoming = await open();
    const chunks = incoming.setEncoding('utf8')[Symbol.asyncIterator]();
    for (let n = 0; n < 3; n += 1) {
      clock.advance(15_000);
      expect(await chunks.next()).toEqual({ done: false, value: ': keep-alive\n\n' });
    }
  });

  test('do not come sooner, and end with the stream', async () => {
    const { feed, clock, open, sent } = await serveFeed();
    const incoming = await open();
    const body = readAll(incoming);
    clock.advance(14_999);
    feed.end(done);
    await sent;
    expect(clock.pending).toBe(0);
    expect(await body).toBe(line(done));
  });

  test('end when the reader goes away', async () => {
    const { clock, open, sent } = await serveFeed();
    (await open()).destroy();
    await sent;
    expect(clock.pending).toBe(0);
  });
});

describe('a reader', () => {
  test('that has everything is not lost', async () => {
    const { feed, lost, open, response } = await serveFeed();
    const incoming = await open();
    const closed = once(await response, 'close');
    const body = readAll(incoming);
    feed.end(done);
    await Promise.all([body, closed]);
    expect(lost()).toBe(0);
  });

  test('that hangs up as soon as it has seen the end is not lost', async () => {
    const { feed, lost, open, response } = await serveFeed();
    const incoming = await open();
    const closed = once(await response, 'close');
    feed.append(text('a'));
    await once(incoming, 'data');
    feed.end(done);
    await once(incoming, 'data');
    incoming.destroy();
    await closed;
    expect(lost()).toBe(0);
  });

  test('that hangs up on seeing the end, before the stream was closed, is not lost', async () => {
    const server = await startStreamServer(async function* (gone) {
      yield done;
      await once(gone, 'abort');
    });
    const incoming = await server.open();
    await once(incoming, 'data');
    incoming.destroy();
    await server.sent;
    expect(server.lost()).toBe(0);
  });

  test('of a reply that is too long for a last event is not lost when it has all of it', async () => {
    const { feed, lost, open, response } = await serveFeed();
    const incoming = await open();
    const closed = once(await response, 'close');
    const body = readAll(incoming);
    feed.append(text('a'));
    feed.end({ type: 'done', content: 'x'.repeat(70_000) });
    expect(await body).toBe(line(text('a')));
    await closed;
    expect(lost()).toBe(0);
  });

  test('that goes away while nothing is said is lost once, and its reading ends', async () => {
    let signal: AbortSignal | undefined;
    const feed = new TurnFeed();
    const { lost, open, sent, response } = await startStreamServer((gone) => {
      signal = gone;
      return feed.read(gone);
    });
    (await open()).destroy();
    expect(await sent).toBeUndefined();
    expect(signal?.aborted).toBe(true);
    await until(() => lost() > 0);
    (await response).destroy();
    feed.append(text('nobody hears this'));
    feed.end(done);
    await nextRound();
    expect(lost()).toBe(1);
  });

  test('that goes away in the middle is lost once', async () => {
    const { feed, lost, open, sent } = await serveFeed();
    const incoming = await open();
    feed.append(text('a'));
    await once(incoming, 'data');
    incoming.destroy();
    await sent;
    await until(() => lost() > 0);
    await nextRound();
    expect(lost()).toBe(1);
  });

  test('that takes nothing holds the events back, and costs no memory', async () => {
    const piece = 'x'.repeat(2_700);
    const most = 20_000;
    let taken = 0;
    let heldMost = 0;
    let raw: { readonly writableLength: number } = { writableLength: 0 };
    const server = await startStreamServer(async function* (gone) {
      raw = await server.response;
      for (; taken < most && !gone.aborted; taken += 1) {
        heldMost = Math.max(heldMost, raw.writableLength);
        yield text(piece);
      }
    });
    const incoming = await server.open();
    // It stands still when nothing was taken for many rounds of the event loop.
    for (let before = -1, still = 0; still < 200; still = before === taken ? still + 1 : 0) {
      before = taken;
      await nextRound();
    }
    expect(taken).toBeLessThan(most);
    expect(heldMost).toBeLessThan(64 * 1024);

    const heldBefore = server.clock.pending;
    const waitingBytes = raw.writableLength;
    server.clock.advance(60_000);
    expect(raw.writableLength).toBe(waitingBytes);
    expect(server.clock.pending).toBe(heldBefore);

    const body = await readAll(incoming);
    expect(taken).toBe(most);
    expect(body.length).toBe(most * line(text(piece)).length);
    expect(heldMost).toBeLessThan(64 * 1024);
    expect(server.lost()).toBe(0);
  });

  test('that takes nothing and goes away is lost, and nothing more is taken for it', async () => {
    let ended = false;
    const server = await startStreamServer(async function* (gone) {
      try {
        while (!gone.aborted) yield text('x'.repeat(2_700));
      } finally {
        ended = true;
      }
    });
    const incoming = await server.open();
    const raw = await server.response;
    await until(() => raw.writableNeedDrain);
    incoming.destroy();
    expect(await server.sent).toBeUndefined();
    expect(ended).toBe(true);
    await until(() => server.lost() > 0);
    expect(server.lost()).toBe(1);
  });
});

test('events that fail break the connection off: to the reader it is not an end', async () => {
  const fault = new Error('of the turn');
  const server = await startStreamServer(async function* () {
    yield text('a');
    throw fault;
  });
  const incoming = await server.open();
  const failed = once(incoming, 'error');
  incoming.resume();
  expect(await server.sent).toBe(fault);
  await failed;
  expect(server.lost()).toBe(1);
  expect(server.clock.pending).toBe(0);
});
