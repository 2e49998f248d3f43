import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { load } from 'sqlite-vec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Embedder } from '../bench/src/search/embedder/embedder.ts';
import { openDatabase } from '../packages/gateway/src/db/open-database.ts';
import { makeOldSystemFile } from '../packages/gateway/src/db/test-old-system.ts';
import { EmbeddingServer } from './support/embedding-server.ts';
import { eventually } from './support/eventually.ts';
import { indexSizes, untilIndexed } from './support/indexes.ts';
import { noClaude } from './support/no-claude.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let home: string;
let embeddings: EmbeddingServer;
let gateway: TestGateway | undefined;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'mcb-test-'));
  embeddings = await EmbeddingServer.atFreePort();
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  await embeddings.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const embedder = new Embedder();
const bytes = (text: string) => new Uint8Array(embedder.embed(text).buffer);

/** As the old system leaves it: vectors of all rows but one message and one memory, and one of a row that is gone. */
function makeFile(path: string): void {
  makeOldSystemFile(path);
  const database = new Sqlite(path);
  load(database);
  database.exec('DELETE FROM chat_messages; DELETE FROM memory;');
  for (const table of ['chat_embeddings', 'memory_embeddings']) {
    database.unsafeMode(true);
    database.pragma('writable_schema = ON');
    database.exec(`DELETE FROM sqlite_master WHERE tbl_name = '${table}' AND rootpage = 0`);
    database.pragma('writable_schema = RESET');
    database.unsafeMode(false);
    for (const part of ['chunks', 'rowids', 'vector_chunks00'])
      database.exec(`DROP TABLE "${table}_${part}"`);
  }
  database.exec(`
    CREATE VIRTUAL TABLE chat_embeddings USING vec0(message_id INTEGER PRIMARY KEY, embedding FLOAT[768]);
    CREATE VIRTUAL TABLE memory_embeddings USING vec0(memory_id INTEGER PRIMARY KEY, embedding FLOAT[768]);`);
  const say = database.prepare(
    "INSERT INTO chat_messages (id, session_id, role, content) VALUES (?, 's', 'user', ?)",
  );
  const vector = database.prepare(
    'INSERT INTO chat_embeddings (message_id, embedding) VALUES (?, ?)',
  );
  for (let id = 1; id <= 20; id += 1) {
    const text = id === 7 ? 'The elevator is out of order again.' : `old note number ${id}`;
    say.run(id, text);
    if (id !== 20) vector.run(BigInt(id), bytes(text));
  }
  vector.run(99n, bytes('of a row that is gone'));
  const remember = database.prepare(
    "INSERT INTO memory (id, key, content, created_at, updated_at) VALUES (?, ?, ?, 'then', 'then')",
  );
  remember.run(1, 'plumber', 'Mr. Rohr comes on Mondays');
  remember.run(2, 'cat', 'is called Momo');
  database
    .prepare('INSERT INTO memory_embeddings (memory_id, embedding) VALUES (?, ?)')
    .run(1n, bytes('plumber\nMr. Rohr comes on Mondays'));
  database.close();
}

const start = async (env: Record<string, string> = {}): Promise<TestGateway> => {
  gateway = await startTestGateway({
    env: { ...noClaude, ...embeddings.env, DATABASE_PATH: join(home, 'gateway.db'), ...env },
  });
  return gateway;
};

const tables = (): string[] => {
  const database = new Sqlite(join(home, 'gateway.db'), { readonly: true });
  try {
    return database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE name LIKE '%embeddings%'")
      .pluck()
      .all();
  } finally {
    database.close();
  }
};

test('its vectors are taken over, and only what has none is embedded', async () => {
  makeFile(join(home, 'gateway.db'));
  await embeddings.start();
  const { client } = await start();
  await untilIndexed({ client });
  expect((await embeddings.work()).texts).toBe(2);
  const hits = await client.call(operations.searchChat, { q: '电梯', mode: 'vector', limit: 1 });
  expect(hits).toMatchObject([{ id: 7 }]);
  const [memory] = await client.call(operations.searchMemories, { q: '水管工', limit: 1 });
  expect(memory).toMatchObject({ key: 'plumber' });
  await eventually('the old tables are gone', () => tables().length === 0);
  const { passages, vectors, codes } = indexSizes(home);
  expect([passages, vectors, codes]).toEqual([22, 22, 22]);
});

test('a row that is changed before it was indexed gets a vector of its own', async () => {
  makeFile(join(home, 'gateway.db'));
  const database = openDatabase(join(home, 'gateway.db'));
  database.exec("UPDATE chat_messages SET content = 'A parcel for the neighbour' WHERE id = 7");
  database.close();
  await embeddings.start();
  const { client } = await start();
  await untilIndexed({ client });
  expect((await embeddings.work()).texts).toBe(3);
  const [hit] = await client.call(operations.searchChat, { q: 'parcel', mode: 'vector', limit: 1 });
  expect(hit).toMatchObject({ id: 7 });
});

test('tables that can be read in part keep nothing from being found', async () => {
  // Its one chunk says that there are no vectors in it, and has one.
  makeOldSystemFile(join(home, 'gateway.db'));
  await embeddings.start();
  const { client } = await start();
  expect(await untilIndexed({ client })).toMatchObject({ mode: 'hybrid' });
  const hits = await client.call(operations.searchChat, { q: 'by hand', mode: 'text' });
  expect(hits).toMatchObject([{ content: 'by hand' }]);
});

test('without a server they are kept, for the day that there is one', async () => {
  makeFile(join(home, 'gateway.db'));
  const { client } = await start();
  await eventually('the rest waits', async () => {
    const { chat, memory } = await client.call(operations.searchStatus, {});
    return chat.waiting === 0 && chat.unembedded === 1 && memory.unembedded === 1;
  });
  expect(await client.call(operations.searchChat, { q: 'elevator' })).toMatchObject([{ id: 7 }]);
});

test('of another model: they are searched until the new ones are complete', async () => {
  makeFile(join(home, 'gateway.db'));
  await embeddings.start(['nomic-embed-text', 'other-model']);
  const { client } = await start({ EMBEDDINGS_MODEL: 'other-model' });
  await untilIndexed({ client });
  await eventually('the new one serves', async () => {
    const { embeddings: now } = await client.call(operations.searchStatus, {});
    return now.serving_model === 'other-model';
  });
  const hits = await client.call(operations.searchChat, { q: '电梯', mode: 'vector', limit: 1 });
  expect(hits).toMatchObject([{ id: 7 }]);
});
