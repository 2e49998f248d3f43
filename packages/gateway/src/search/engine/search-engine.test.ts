import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { PassagesRepo } from '../index/passages-repo.ts';
import { VectorsRepo } from '../index/vectors-repo.ts';
import { Tokenizer } from '../text/tokens.ts';
import { signBits } from './codes.ts';
import { candidatesFor } from './find-vectors.ts';
import { termsByRarity } from './rarest-terms.ts';
import { SearchEngine } from './search-engine.ts';
import type { SearchRequest } from './search-request.ts';

let database: Database;
let engine: SearchEngine;
let passages: PassagesRepo;
let vectors: VectorsRepo;
beforeEach(() => {
  database = openDatabase(':memory:');
  passages = new PassagesRepo(database);
  vectors = new VectorsRepo(database);
  engine = new SearchEngine(database);
});
afterEach(() => database.close());

const tokenizer = new Tokenizer();

/** Messages, indexed as their indexers do. @param vectorOf what a message's vector is; undefined: it has none */
function say(texts: readonly string[], vectorOf?: (index: number) => Float32Array, botId = 'b') {
  database.transaction(() => {
    const insert = database.prepare(
      "INSERT INTO chat_messages (session_id, role, content, bot_id) VALUES ('s', 'user', ?, ?)",
    );
    for (const text of texts) insert.run(text, botId);
    for (let queued = passages.next(); queued !== undefined; queued = passages.next()) {
      const { row_id: rowId } = queued;
      const text = passages.row(queued)?.text ?? '';
      const words = [...tokenizer.index(text)].map(({ term }) => term).join(' ');
      const passage = { kind: 'chat', rowId, botId, start: 0, end: text.length, words } as const;
      passages.write(queued, passage, undefined);
    }
    if (vectorOf === undefined) return;
    const model = vectors.ensure({ provider: 'ollama', name: 'm', dimensions: 64 });
    for (const { id, text } of vectors.unembedded(model, texts.length))
      vectors.write(model, id, vectorOf(texts.indexOf(text)));
  })();
}

const search = (query: string, more: Partial<SearchRequest> = {}) =>
  engine.search({
    scope: { kind: 'chat', botId: 'b' },
    query,
    mode: 'hybrid',
    limit: 100,
    explain: true,
    nowMs: Date.now(),
    ...more,
  });
const rows = (...parameters: Parameters<typeof search>): unknown[] =>
  search(...parameters).hits.map(({ row }) => row.id);

/** A direction of its own for each number. */
const direction = (angle: number): Float32Array =>
  Float32Array.from({ length: 64 }, (_, index) => Math.cos(angle + index));

describe('by words, with very frequent ones', () => {
  beforeEach(() => {
    const texts = Array.from({ length: 6_000 }, (_, index) =>
      index < 2_200 ? `weather report ${index}` : `another thing ${index}`,
    );
    texts[41] = 'zeppelin weather station';
    texts[42] = 'zeppelin weather report';
    texts[43] = 'zeppelin field closed';
    say(texts.map((text) => `${text} everywhere`));
  });

  test('rows are looked for by the rare ones, and ordered by all', () => {
    const { hits } = search('weather report zeppelin', { mode: 'text' });
    expect(hits.slice(0, 3).map(({ row }) => row.id)).toEqual([43, 42, 44]);
    expect(hits.slice(0, 3).map(({ explain }) => explain?.text?.terms)).toEqual([3, 2, 1]);
  });

  test('one that nearly all rows have is counted, too', () => {
    const { hits } = search('everywhere report zeppelin weather', { mode: 'text' });
    expect(hits.slice(0, 3).map(({ row }) => row.id)).toEqual([43, 42, 44]);
    expect(hits.slice(0, 3).map(({ explain }) => explain?.text?.terms)).toEqual([4, 3, 2]);
  });

  test('a frequent one alone is found', () => {
    expect(rows('weather', { mode: 'text' })).toHaveLength(100);
  });

  test('the rarest are known', () => {
    const terms = ['weather', 'report', 'zeppelin', 'nowhere'];
    const exact = (_key: string, read: () => number): number => read();
    const { rarest, frequent } = termsByRarity(database, 'words_1', terms, exact);
    expect(rarest.map(({ term }) => term).slice(0, 2)).toEqual(['nowhere', 'zeppelin']);
    expect([...rarest.slice(2), ...frequent].map(({ rows }) => rows)).toEqual([2_198, 2_199]);
    expect(frequent).toHaveLength(1);
  });
});

describe('by vectors', () => {
  const vector = (angle: number) => ({ modelId: 1, values: direction(angle) });

  test('a bot with few rows gets what an exact search of its own rows gives', () => {
    const angles = Array.from({ length: 300 }, (_, index) => index * 0.013);
    say(
      angles.map((angle) => `row ${angle}`),
      (index) => direction(angles[index] ?? 0),
    );
    const nearest = angles
      .map((angle, index) => ({ id: index + 1, off: Math.abs(angle - 1.302) }))
      .sort((a, b) => a.off - b.off)
      .slice(0, 10);
    const found = rows('x', { mode: 'vector', vector: vector(1.302), limit: 10 });
    expect(found.toSorted()).toEqual(nearest.map(({ id }) => id).toSorted());
    expect(found[0]).toBe(101);
  });

  test('another bot’s rows are not among them', () => {
    say(['mine'], () => direction(0));
    say(['theirs'], () => direction(1), 'other');
    const request = { mode: 'vector', vector: vector(1) } as const;
    expect(rows('x', request)).toEqual([1]);
    expect(rows('x', { ...request, scope: { kind: 'chat' } })).toEqual([2, 1]);
    expect(rows('x', { ...request, scope: { kind: 'memory', botId: 'b' } })).toEqual([]);
  });

  test('both halves of a hybrid search may be looked for beforehand, and give the same', () => {
    say(['red kite', 'blue kite', 'red bus', 'green bus'], (index) => direction(index));
    const scope = { kind: 'chat', botId: 'b' } as const;
    const request = {
      scope,
      query: 'red kite',
      mode: 'hybrid',
      limit: 100,
      explain: true,
    } as const;
    const asked: SearchRequest = { ...request, vector: vector(1), nowMs: 0 };
    const halves = { text: engine.byWords(asked), near: engine.byVector(asked) };
    expect(halves.text.map(({ row }) => row)).toEqual([1, 3, 2]);
    expect(halves.near[0]?.row).toBe(2);
    expect(engine.search({ ...asked, halves })).toEqual(engine.search(asked));
    // Where the model is gone meanwhile, words are looked for as deep as they are alone.
    const gone = { modelId: 99, values: direction(0) };
    expect(engine.byVector({ ...asked, vector: gone })).toEqual([]);
    expect(engine.search({ ...asked, vector: gone, halves })).toMatchObject({ mode: 'text' });
  });

  test('where the query has none, words alone are looked for, and it is said', () => {
    say(['one thing'], () => direction(0));
    expect(search('thing', { mode: 'vector' })).toMatchObject({ mode: 'text', hits: [{}] });
    const gone = { modelId: 99, values: direction(0) };
    expect(search('thing', { vector: gone })).toMatchObject({ mode: 'text', hits: [{}] });
  });

  test('with many rows those out of reach are left out, and the nearest found all the same', () => {
    const texts = Array.from({ length: 9_000 }, (_, index) => `row ${index}`);
    // Three quarters of them stand close together; who asks from there, or from far away, gets as many.
    say(texts, (index) => direction(index < 6_750 ? index * 1e-4 : index * 0.0007));
    for (const angle of [0.3, 1.2, 2.9, 4.5, 6.1]) {
      const nearest = { scope: { kind: 'chat', botId: 'b' }, query: 'x', mode: 'vector' } as const;
      const asked = { ...nearest, limit: 10, explain: false, nowMs: 0, vector: vector(angle) };
      const found = engine.byVector(asked);
      const all = vectors.models().flatMap(({ id }) =>
        database
          .prepare<[Uint8Array], number>(
            `SELECT p.row_id FROM codes_${id} c JOIN passage_vectors v ON v.id = c.rowid JOIN passages p
              ON p.id = v.passage_id WHERE c.code MATCH vec_bit(?) AND k = ${candidatesFor(9_000)}`,
          )
          .pluck()
          .all(signBits(direction(angle))),
      );
      expect(found).toHaveLength(100);
      expect(all).toEqual(expect.arrayContaining(found.map(({ row }) => row)));
    }
    // Most of them go: what is remembered of where they were does not keep the others from being found.
    database.exec('DELETE FROM passages WHERE row_id <= 8000');
    while (vectors.sweep(1_000));
    const left = { mode: 'vector', vector: vector(0.3), nowMs: 1 } as const;
    expect(rows('x', left)).toHaveLength(100);
  });

  test('the more rows, the fewer are compared exactly', () => {
    expect([10, 4_000, 10_000, 100_000, 10_000_000].map(candidatesFor)).toEqual([
      4_096, 2_500, 1_000, 100, 100,
    ]);
  });
});

test('the next page is that of the first search, less what was deleted since', () => {
  say(['apple 1', 'apple 2', 'apple 3', 'apple 4']);
  const first = search('apple', { mode: 'text', limit: 1 });
  expect(first.waiting).toHaveLength(3);
  const [second, third] = first.waiting;
  database.prepare('DELETE FROM chat_messages WHERE id = ?').run(second?.[0]);
  say(['apple apple apple']);
  const next = search('apple', { limit: 2, waiting: first.waiting });
  expect(next.hits.map(({ row }) => row.id)).toEqual([third?.[0]]);
  expect(next.waiting).toHaveLength(1);
});

test('what waits is counted, of one bot or of all', () => {
  say(['a', 'b'], () => direction(0));
  say(['c'], undefined, 'other');
  database.exec(
    "INSERT INTO chat_messages (session_id, role, content, bot_id) VALUES ('s', 'user', 'd', 'b')",
  );
  expect(engine.counts('chat', 'b', 1)).toEqual({
    rows: 3,
    waiting: 1,
    passages: 2,
    unembedded: 0,
  });
  expect(engine.counts('chat', undefined, 1)).toEqual({
    rows: 4,
    waiting: 1,
    passages: 3,
    unembedded: 1,
  });
  expect(engine.counts('memory', 'b', 1)).toMatchObject({ rows: 0, waiting: 0 });
});
