import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { VectorsRepo } from './vectors-repo.ts';

let database: Database;
let vectors: VectorsRepo;
beforeEach(() => {
  database = openDatabase(':memory:');
  vectors = new VectorsRepo(database);
});
afterEach(() => database.close());

const old = { provider: 'ollama', name: 'old', dimensions: 8 };
const young = { provider: 'ollama', name: 'young', dimensions: 16 };
const vectorOf = ({ dimensions }: { dimensions: number }) =>
  Float32Array.from({ length: dimensions }, (_, index) => index - 3);

/** Messages with a passage each. @returns the passages' ids */
function passages(count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const row = database
      .prepare("INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', ?)")
      .run(`message ${index}`).lastInsertRowid;
    const passage = database
      .prepare(`INSERT INTO passages (kind, row_id, bot_id, start_at, end_at)
        VALUES ('chat', ?, 'default', 0, 9)`)
      .run(row).lastInsertRowid;
    return Number(passage);
  });
}

const count = (table: string): number =>
  database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

/** What its indexer does. */
function embedAll(model: typeof old): void {
  const known = vectors.ensure(model);
  for (const { id } of vectors.unembedded(known, 100)) vectors.write(known, id, vectorOf(model));
  vectors.serve(known);
  while (vectors.sweep(10));
}

describe('what waits', () => {
  test('the newest first, with its text, and no more than asked for', () => {
    passages(5);
    expect(vectors.unembedded(undefined, 2).map(({ text }) => text)).toEqual([
      'message 4',
      'message 3',
    ]);
  });

  test('nothing, once each has its vector, or is known to get none', () => {
    const [first = 0, second = 0] = passages(2);
    const model = vectors.ensure(old);
    vectors.write(model, first, vectorOf(old));
    vectors.write(model, second, undefined);
    expect(vectors.unembedded(model, 10)).toEqual([]);
    expect(count('passage_vectors')).toBe(1);
  });

  test('everything, for a model that there is nothing of yet', () => {
    passages(3);
    embedAll(old);
    expect(vectors.unembedded(undefined, 10)).toHaveLength(3);
  });
});

describe('a passage', () => {
  test('gets one vector of a model, however often it is written', () => {
    const [id = 0] = passages(1);
    const model = vectors.ensure(old);
    vectors.write(model, id, vectorOf(old));
    vectors.write(model, id, vectorOf(old));
    expect([count('passage_vectors'), count(`codes_${model.id}`)]).toEqual([1, 1]);
  });

  test('that was deleted meanwhile gets none', () => {
    const model = vectors.ensure(old);
    vectors.write(model, 4_711, vectorOf(old));
    expect(count('passage_vectors')).toBe(0);
  });

  test('that is deleted leaves nothing', () => {
    passages(25);
    embedAll(old);
    const model = vectors.serving();
    database.exec('DELETE FROM chat_messages');
    while (vectors.sweep(10));
    expect([count('passage_vectors'), count(`codes_${model?.id}`), count('stale_codes')]).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('models', () => {
  test('the first one serves at once, the next one when it has all', () => {
    passages(3);
    embedAll(old);
    const next = vectors.ensure(young);
    expect(vectors.serving()).toMatchObject({ name: 'old' });
    expect(vectors.present(young)).toMatchObject({ id: next.id });
    embedAll(young);
    expect(vectors.models()).toMatchObject([{ name: 'young', serving: 1 }]);
    expect([count('passage_vectors'), count(`codes_${next.id}`)]).toEqual([3, 3]);
  });

  test('the same name with another size is another model', () => {
    passages(1);
    embedAll(old);
    const larger = vectors.ensure({ ...old, dimensions: 24 });
    expect(vectors.serving()?.dimensions).toBe(8);
    expect(vectors.present(old)?.id).toBe(larger.id);
    expect(vectors.unembedded(larger, 10)).toHaveLength(1);
  });

  test('one that is wanted again, before its successor was complete, goes on serving', () => {
    const [first = 0] = passages(3);
    embedAll(old);
    const next = vectors.ensure(young);
    vectors.write(next, first, vectorOf(young));
    passages(1);
    const again = vectors.ensure(old);
    expect(again).toMatchObject({ name: 'old', serving: 1 });
    expect(vectors.unembedded(again, 10).map(({ text }) => text)).toEqual(['message 0']);
    embedAll(old);
    expect(vectors.models()).toMatchObject([{ name: 'old' }]);
    expect([count('passage_vectors'), count(`codes_${again.id}`)]).toEqual([4, 4]);
  });
});
