import type { Database } from '../db/database.ts';
import { loadSqliteVec } from '../search/engine/load-sqlite-vec.ts';
import type { OnRows } from './rebuild.ts';

/** The old system's vectors: what was found, and how many come over. */
export interface CarriedVectors {
  readonly found: number;
  readonly carried: number;
  /** Why none could be read; undefined: they could. */
  readonly unreadable?: string;
}

const tables = [
  { name: 'chat_embeddings', id: 'message_id', of: 'chat_messages' },
  { name: 'memory_embeddings', id: 'memory_id', of: 'memory' },
] as const;

/** A vector has 768 floats. */
const bytes = 768 * 4;
const tellEvery = 1000;

/**
 * Copy the vectors of rows that came over. The search takes them from there as it indexes those rows; what is
 * missing is embedded like anything new, where an embedding server runs.
 */
export function carryVectors(
  old: Database,
  database: Database,
  names: readonly string[],
  onRows: OnRows,
): CarriedVectors {
  const there = tables.filter(({ name }) => names.includes(name));
  if (there.length === 0) return { found: 0, carried: 0 };
  const why = loadSqliteVec(old) ?? loadSqliteVec(database);
  if (why !== undefined) return { found: 0, carried: 0, unreadable: why };
  let [found, carried] = [0, 0];
  for (const { name, id, of } of there) {
    const rows = database.prepare<[], number>(`SELECT id FROM ${of} ORDER BY id`).pluck().all();
    const read = reader(old, `SELECT embedding FROM ${name} WHERE ${id} = ?`);
    if (read === undefined) continue;
    database.exec(
      `CREATE VIRTUAL TABLE ${name} USING vec0(${id} INTEGER PRIMARY KEY, embedding FLOAT[768])`,
    );
    const write = database.prepare(`INSERT INTO ${name} (${id}, embedding) VALUES (?, ?)`);
    database.transaction(() => {
      rows.forEach((row, n) => {
        if (n % tellEvery === 0) onRows(name, n);
        const vector = read(row);
        if (vector === undefined) return;
        found += 1;
        if (vector === 'damaged' || vector.length !== bytes) return;
        write.run(BigInt(row), vector);
        carried += 1;
      });
    })();
  }
  return { found, carried };
}

type ReadVector = (row: number) => Uint8Array | 'damaged' | undefined;

function reader(old: Database, sql: string): ReadVector | undefined {
  try {
    const find = old.prepare<[bigint], unknown>(sql).pluck();
    return (row) => {
      try {
        const vector = find.get(BigInt(row));
        return vector instanceof Uint8Array ? vector : undefined;
      } catch {
        // The extension says in many ways that its tables are damaged.
        return 'damaged';
      }
    };
  } catch {
    return undefined;
  }
}
