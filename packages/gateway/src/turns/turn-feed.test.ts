import { getEventListeners } from 'node:events';
import type { TurnEvent } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { settled } from './test-jobs.ts';
import { TurnFeed } from './turn-feed.ts';

let feed: TurnFeed;
beforeEach(() => {
  feed = new TurnFeed();
});

const never = new AbortController().signal;
const text = (content: string): TurnEvent => ({ type: 'text', content });
const done = (content: string) => ({ type: 'done' as const, content });

/** More than a feed keeps, in pieces of which it keeps three. */
const longPieces = [...'abcdefgh'].map((letter) => letter.repeat(300_000));

async function collect(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** What somebody has on the screen who does as the events say. */
function shown(events: readonly TurnEvent[]): string {
  let said = '';
  for (const { type, content } of events) {
    if (type === 'restart') said = '';
    if (type === 'text') said += content;
  }
  return said;
}

describe('reading', () => {
  test('gives the events in order, up to the last one', async () => {
    const events: TurnEvent[] = [
      { type: 'turn', content: 'id' },
      { type: 'thinking', content: 'hm' },
      text('a'),
      { type: 'tool', name: 'Bash', content: 'ls' },
      text('b'),
    ];
    const reading = collect(feed.read(never));
    for (const event of events) {
      feed.append(event);
      await settled();
    }
    feed.end(done('ab'));
    expect(await reading).toEqual([...events, done('ab')]);
    expect(feed.text).toBe('ab');
    expect(feed.ended).toBe(true);
  });

  test('gives each event as soon as it is there', async () => {
    const reader = feed.read(never);
    for (const word of ['a', 'b', 'c']) {
      const next = reader.next();
      feed.append(text(word));
      expect(await next).toEqual({ done: false, value: text(word) });
    }
  });

  test('several readers get the same, each at its own pace', async () => {
    const [ahead, behind] = [feed.read(never), feed.read(never)];
    feed.append(text('a'));
    feed.append(text('b'));
    expect((await ahead.next()).value).toEqual(text('a'));
    expect((await ahead.next()).value).toEqual(text('b'));
    expect((await behind.next()).value).toEqual(text('a'));
    feed.end(done('ab'));
    expect(await collect(ahead)).toEqual([done('ab')]);
    expect(await collect(behind)).toEqual([text('b'), done('ab')]);
  });

  test('a reader that comes late gets everything from the first event on', async () => {
    feed.append(text('a'));
    feed.end(done('a'));
    const expected = [text('a'), done('a')];
    expect(await collect(feed.read(never))).toEqual(expected);
    expect(await collect(feed.read(never))).toEqual(expected);
  });

  test('an error ends it as an answer does', async () => {
    const last = { type: 'error', content: 'no', code: 'queue_full' } as const;
    const reading = collect(feed.read(never));
    feed.end(last);
    expect(await reading).toEqual([last]);
  });

  test('what comes after the end does not count', async () => {
    feed.append(text('a'));
    feed.end(done('a'));
    feed.append(text('b'));
    feed.restart('again', 'c');
    feed.end(done('d'));
    expect(await collect(feed.read(never))).toEqual([text('a'), done('a')]);
    expect(feed.text).toBe('a');
  });
});

describe('following from a number', () => {
  const numbersFrom = async (from: number): Promise<(number | undefined)[]> => {
    const numbers: (number | undefined)[] = [];
    for await (const { number } of feed.follow(from, never)) numbers.push(number);
    return numbers;
  };

  test('gives what comes after what a reader has, under the same numbers', async () => {
    feed.append(text('a'));
    feed.append(text('b'));
    feed.end(done('ab'));
    expect(await numbersFrom(0)).toEqual([0, 1, 2]);
    expect(await numbersFrom(2)).toEqual([2]);
    expect(await numbersFrom(3)).toEqual([]);
    expect(await numbersFrom(99)).toEqual([]);
  });

  test('what is put in for one that is too far behind has none', async () => {
    for (const piece of longPieces) feed.append(text(piece));
    feed.end(done('long'));
    expect(await numbersFrom(1)).toEqual([undefined, undefined, longPieces.length]);
    expect(await numbersFrom(longPieces.length)).toEqual([longPieces.length]);
  });
});

describe('a restart', () => {
  test('takes back what was said, and says what stands', async () => {
    feed.append(text('one two'));
    feed.restart('It broke off.', 'one ');
    feed.append(text('three'));
    feed.end(done('one three'));
    const events = await collect(feed.read(never));
    expect(events).toEqual([
      text('one two'),
      { type: 'restart', content: 'It broke off.' },
      text('one '),
      text('three'),
      done('one three'),
    ]);
    expect(feed.text).toBe('one three');
  });

  test('says nothing where nothing stands', async () => {
    feed.append(text('one'));
    feed.restart('It broke off.', '');
    feed.end(done(''));
    expect((await collect(feed.read(never))).map(({ type }) => type)).toEqual([
      'text',
      'restart',
      'done',
    ]);
  });
});

describe('a reader that is too far behind', () => {
  test('is told to start over, gets what stands, and goes on from there', async () => {
    const reader = feed.read(never);
    feed.append(text('!'));
    await reader.next();
    for (const piece of longPieces) feed.append(text(piece));
    expect((await reader.next()).value).toMatchObject({ type: 'restart' });
    expect((await reader.next()).value).toEqual(text(`!${longPieces.join('')}`));
    feed.append(text('!'));
    feed.end(done('long'));
    expect(await collect(reader)).toEqual([text('!'), done('long')]);
  });

  test('gets the end too, when it comes after it', async () => {
    for (const piece of longPieces) feed.append(text(piece));
    feed.end(done(longPieces.join('')));
    const events = await collect(feed.read(never));
    expect(events.map(({ type }) => type)).toEqual(['restart', 'text', 'done']);
    expect(shown(events)).toBe(feed.text);
  });

  test('does not get twice what came while it was told to start over', async () => {
    for (const piece of longPieces) feed.append(text(piece));
    const reader = feed.read(never);
    const events = [(await reader.next()).value];
    feed.append(text('late'));
    feed.end(done('end'));
    for await (const event of reader) events.push(event);
    expect(shown(events.filter((event) => event !== undefined))).toBe(feed.text);
  });

  test('falls behind again while it takes what stands, and still gets the end', async () => {
    const events = feed.read(never)[Symbol.asyncIterator]();
    const next = async () => (await events.next()).value as TurnEvent | undefined;
    feed.append(text('a'.repeat(200_000)));
    await next();
    feed.append(text('b'.repeat(1_200_000)));
    feed.restart('again', '');
    expect(await next()).toMatchObject({ type: 'restart' });
    feed.append(text('c'));
    expect(await next()).toEqual(text('c'));
    feed.append(text('d'.repeat(1_200_000)));
    feed.end(done('the end'));
    expect(await next()).toMatchObject({ type: 'restart' });
    expect((await next())?.content).toBe(feed.text);
    expect(await next()).toEqual(done('the end'));
  });

  test('is told so too where the events are many and empty', async () => {
    const tool: TurnEvent = { type: 'tool', name: 'Bash', content: '' };
    for (let n = 0; n < 100_000; n += 1) feed.append(tool);
    expect((await feed.read(never).next()).value).toMatchObject({ type: 'restart' });
  });

  test('does not hold back one that keeps up', async () => {
    const keepsUp: TurnEvent[] = [];
    const reading = (async () => {
      for await (const event of feed.read(never)) keepsUp.push(event);
    })();
    const behind = feed.read(never);
    for (const piece of longPieces) {
      feed.append(text(piece));
      await settled();
    }
    feed.end(done('long'));
    await reading;
    expect(keepsUp.map(({ type }) => type)).toEqual([...longPieces.map(() => 'text'), 'done']);
    expect((await behind.next()).value).toMatchObject({ type: 'restart' });
  });
});

describe('a reader that goes away', () => {
  test('while it waits: its reading ends', async () => {
    const controller = new AbortController();
    const reading = collect(feed.read(controller.signal));
    feed.append(text('a'));
    await settled();
    controller.abort();
    expect(await reading).toEqual([text('a')]);
  });

  test('before it began: it gets nothing', async () => {
    feed.append(text('a'));
    expect(await collect(feed.read(AbortSignal.abort()))).toEqual([]);
  });

  test('does not disturb the others', async () => {
    const controller = new AbortController();
    const gone = collect(feed.read(controller.signal));
    const stays = collect(feed.read(never));
    controller.abort();
    await gone;
    feed.end(done(''));
    expect(await stays).toEqual([done('')]);
  });

  test('leaves no listener behind, nor does one that stays', async () => {
    const { signal } = new AbortController();
    const reading = collect(feed.read(signal));
    for (let n = 0; n < 20; n += 1) {
      feed.append(text('a'));
      await settled();
      expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    }
    feed.end(done('a'));
    await reading;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

type Step =
  | { readonly kind: 'text' | 'thinking'; readonly content: string }
  | { readonly kind: 'restart'; readonly keep: number }
  | { readonly kind: 'read'; readonly reader: number };

/** A reader that takes the next event only when it is let. */
function slowReader(feed: TurnFeed) {
  const events: TurnEvent[] = [];
  let letters = 0;
  let wake = (): void => {};
  const ended = (async () => {
    for await (const event of feed.read(never)) {
      events.push(event);
      while (letters === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      letters -= 1;
    }
  })();
  const allow = (count: number): void => {
    letters += count;
    wake();
  };
  return { events, ended, allow };
}

const content = fc.oneof(
  fc.string(),
  fc.constantFrom('y'.repeat(200_000), 'z'.repeat(600_000), 'w'.repeat(1_200_000)),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text' as const, 'thinking' as const), content }),
  fc.record({ kind: fc.constant('restart' as const), keep: fc.nat(20) }),
  fc.record({ kind: fc.constant('read' as const), reader: fc.nat(2) }),
);

test('whoever does as the events say has the reply in the end, however slow', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const feed = new TurnFeed();
      const readers = [slowReader(feed), slowReader(feed), slowReader(feed)];
      for (const next of steps) {
        if (next.kind === 'read') readers[next.reader]?.allow(1);
        else if (next.kind === 'restart') feed.restart('again', feed.text.slice(0, next.keep));
        else feed.append({ type: next.kind, content: next.content });
        await settled();
      }
      feed.end(done('the end'));
      const late = slowReader(feed);
      for (const { allow, ended, events } of [...readers, late]) {
        allow(1000);
        await ended;
        // Compared as a truth: to show where texts of this length differ would take minutes.
        expect(shown(events) === feed.text).toBe(true);
        expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
        expect(events.at(-1)).toEqual(done('the end'));
      }
    }),
    { numRuns: 100 },
  );
});

test('what was done on the way is there until it has ended, and not kept with the feed afterwards', () => {
  const feed = new TurnFeed();
  feed.append({ type: 'tool', name: 'Bash', content: 'ls' });
  expect(feed.steps).toEqual([{ kind: 'tool', name: 'Bash', input: 'ls' }]);
  feed.end({ type: 'done', content: '' });
  expect(feed.steps).toEqual([]);
});
