import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { TestClock } from '../../host/test-clock.ts';
import { createTestLog } from '../../http/test-log.ts';
import { EmbeddingError, type EmbeddingProvider } from '../embeddings/embedding-provider.ts';
import { Embeddings } from '../embeddings/embeddings.ts';
import { EmbeddingIndexer } from './embedding-indexer.ts';
import { PassagesRepo } from './passages-repo.ts';
import { TextIndexer } from './text-indexer.ts';
import { VectorsRepo } from './vectors-repo.ts';

let database: Database;
let clock: TestClock;
let texts: TextIndexer;
let vectors: EmbeddingIndexer;
let lines: string[];
/** What the server was given, and what it answers. */
let given: string[][];
/** When, in milliseconds. */
let givenAt: number[];
/** Somebody waits for an answer of Claude's. */
let busy: boolean;
let answer: (batch: readonly string[]) => Promise<Float32Array[]>;

const usual = async (batch: readonly string[]) => batch.map(() => Float32Array.from([1, 0]));

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

beforeEach(() => {
  database = openDatabase(':memory:');
  clock = new TestClock();
  given = [];
  givenAt = [];
  busy = false;
  answer = usual;
  const log = createTestLog();
  ({ lines } = log);
  const provider: EmbeddingProvider = {
    provider: 'ollama',
    model: 'm',
    embed: (batch, _task, signal) => {
      given.push([...batch]);
      givenAt.push(clock.now());
      return Promise.race([answer(batch), untilAborted(signal)]);
    },
    check: async () => {},
  };
  const { logger } = log;
  vectors = new EmbeddingIndexer({
    vectors: new VectorsRepo(database),
    embeddings: new Embeddings(provider, clock),
    isBusy: () => busy,
    clock,
    logger,
  });
  texts = new TextIndexer({
    repo: new PassagesRepo(database),
    clock,
    logger,
    onFirstPassage: () => {},
    onIdle: () => vectors.wake(),
  });
});
afterEach(async () => {
  texts.close();
  await vectors.close();
  expect(clock.pending).toBe(0);
  database.close();
});

const say = (content: string): void => {
  database
    .prepare("INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', ?)")
    .run(content);
};
const count = (table: string): number =>
  database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

/** Let time pass in small steps, with all that is done at each. */
async function pass(ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 5) {
    clock.advance(5);
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

test('whatever is written is indexed, without a word to the indexer', async () => {
  texts.start();
  say('one');
  await pass(50);
  say('two');
  await pass(1_000);
  expect([count('search_queue'), count('passages'), count('passage_vectors')]).toEqual([0, 2, 2]);
});

describe('an embedding server', () => {
  test('gets texts in batches', async () => {
    for (let index = 0; index < 70; index += 1) say(`text ${index}`);
    texts.start();
    await pass(1_500);
    expect(given.map(({ length }) => length)).toEqual([32, 32, 6]);
  });

  test('has rests between batches while somebody waits for an answer', async () => {
    for (let index = 0; index < 70; index += 1) say(`text ${index}`);
    busy = true;
    texts.start();
    await pass(2_000);
    expect(given.map(({ length }) => length)).toEqual([32, 32, 6]);
    const [first = 0, second = 0, third = 0] = givenAt;
    expect(second - first).toBeGreaterThanOrEqual(150);
    expect(third - second).toBeGreaterThanOrEqual(150);
  });

  test('that is down is asked less and less often, and the log has one line of it', async () => {
    answer = () => Promise.reject(new EmbeddingError('unreachable', 'down', 'start it'));
    say('one');
    texts.start();
    await pass(10_000);
    expect(given.length).toBeGreaterThan(2);
    expect(given.length).toBeLessThan(6);
    expect(lines.filter((line) => line.includes('down'))).toHaveLength(1);
    answer = usual;
    await pass(60_000);
    expect(count('passage_vectors')).toBe(1);
  });

  test('that does not take a text gets the others all the same, and that one no more', async () => {
    answer = (batch) =>
      batch.includes('bad')
        ? Promise.reject(new EmbeddingError('input', 'too long', ''))
        : usual(batch);
    for (const text of ['a', 'bad', 'b', 'c']) say(text);
    texts.start();
    await pass(1_500);
    expect(count('passage_vectors')).toBe(3);
    const asked = given.length;
    await pass(2_000);
    expect(given).toHaveLength(asked);
  });

  test('what comes while it is at work is seen to next', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = async (batch) => {
      await held;
      return usual(batch);
    };
    say('one');
    texts.start();
    await pass(100);
    expect(given).toEqual([['one']]);
    say('two');
    await pass(1_000);
    release();
    await pass(1_000);
    expect(count('passage_vectors')).toBe(2);
  });

  test('is not waited for at the end: what it was asked is asked again after the next start', async () => {
    answer = () => new Promise(() => {});
    say('one');
    texts.start();
    await pass(100);
    expect(given).toHaveLength(1);
    await vectors.close();
    expect(count('passage_vectors')).toBe(0);
  });
});

test('what is deleted leaves the index of words', async () => {
  say('one');
  texts.start();
  await pass(100);
  expect(count('words_1_docsize')).toBe(1);
  database.exec('DELETE FROM chat_messages');
  await pass(600);
  expect([count('words_1_docsize'), count('stale_words'), count('passages')]).toEqual([0, 0, 0]);
});
