import { join } from 'node:path';
import { type OutputOf, operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { load } from 'sqlite-vec';
import { eventually } from './eventually.ts';
import type { TestGateway } from './test-gateway.ts';

export type SearchStatus = OutputOf<typeof operations.searchStatus>;

/** Wait until every row is in every index that there can be. */
export const untilIndexed = (gateway: Pick<TestGateway, 'client'>): Promise<SearchStatus> =>
  eventually('every row is indexed', async () => {
    const status = await gateway.client.call(operations.searchStatus, {});
    const { chat, memory } = status;
    const left = chat.waiting + chat.unembedded + memory.waiting + memory.unembedded;
    return left === 0 ? status : undefined;
  });

/** How many entries of each kind there are in the indexes of a gateway's database; it may run meanwhile. */
export interface IndexSizes {
  readonly passages: number;
  readonly words: number;
  readonly vectors: number;
  readonly codes: number;
  /** Gone, and not swept out yet. */
  readonly stale: number;
}

export function indexSizes(home: string): IndexSizes {
  const database = new Sqlite(join(home, 'gateway.db'), { readonly: true });
  try {
    load(database);
    const count = (table: string): number =>
      database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
      .pluck()
      .all();
    const all = (prefix: string): number =>
      tables
        .filter((name) => name.startsWith(prefix))
        .map((name) => (prefix === 'words_' ? wordRows(database, name) : count(name)))
        .reduce((sum, n) => sum + n, 0);
    return {
      passages: count('passages'),
      words: all('words_'),
      vectors: count('passage_vectors'),
      codes: all('codes_'),
      stale: count('stale_words') + count('stale_codes'),
    };
  } finally {
    database.close();
  }
}

/** Rows of a full-text table that anything still finds. */
const wordRows = (database: Sqlite.Database, table: string): number =>
  database.prepare<[], number>(`SELECT count(*) FROM ${table}_docsize`).pluck().get() ?? 0;
