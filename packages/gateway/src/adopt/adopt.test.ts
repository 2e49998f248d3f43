import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { openDatabase } from '../db/open-database.ts';
import { type AdoptPlan, prepareAdoption, prepareUndo } from './adopt.ts';
import { AdoptFault } from './adopt-fault.ts';
import { recordFile } from './adoption-record.ts';
import type { CarriedTable } from './rebuild.ts';
import { makeOldVersion, type OldVersion, oldVersions } from './test-old-versions.ts';

const nowMs = Date.parse('2030-01-02T03:04:05Z');
let scratch: string;
let root: string;
let oldFile: string;
let newFile: string;
let envFile: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'adopt-'));
  root = join(scratch, 'old');
  mkdirSync(join(root, 'data'), { recursive: true });
  oldFile = join(root, 'data', 'mini-claude-bot.db');
  newFile = join(scratch, 'new', 'gateway.db');
  envFile = join(scratch, '.env');
  // What the old system kept in its user's home is looked for there.
  vi.stubEnv('HOME', scratch);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true });
});

const make = (version: OldVersion, messages = 10, vectors = 4): void =>
  makeOldVersion(oldFile, version, {
    messages,
    vectors,
    directory: join(scratch, 'sessions/default/42'),
  });

const target = (environment: Record<string, string> = {}) => {
  const all = { HOME: scratch, DATABASE_PATH: newFile, ...environment };
  return { config: loadConfig(all), environment: all, envFile };
};

const prepare = (place = root, environment: Record<string, string> = {}) =>
  prepareAdoption(target(environment), { place, nowMs, onRows: () => {} });

/** Look, and do it. */
async function adopt(place = root, environment: Record<string, string> = {}): Promise<AdoptPlan> {
  const { plan, apply, discard } = await prepare(place, environment);
  try {
    apply();
    return plan;
  } finally {
    discard();
  }
}

/** Every file below a directory, with its bytes and when it was written. */
function everything(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    files.map((name) => {
      const stat = statSync(join(directory, name));
      const content = stat.isFile() ? readFileSync(join(directory, name)).toString('base64') : '';
      return [name, `${stat.mtimeMs} ${stat.mode} ${content}`];
    }),
  );
}

const tableOf = ({ rebuilt }: AdoptPlan, name: string): CarriedTable | undefined =>
  rebuilt.tables.find((table) => table.name === name);

function query(sql: string): unknown[] {
  const database = openDatabase(newFile);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

describe.each(oldVersions)('a database of version %i', (version) => {
  test('comes over whole, and stays as it was', async () => {
    make(version);
    const before = everything(root);
    const plan = await adopt();
    expect(everything(root)).toEqual(before);
    expect(plan.rebuilt).toMatchObject({ version, left: [], vectors: { found: 5, carried: 5 } });
    expect(plan.rebuilt.tables).toMatchObject([
      {
        name: 'chat_messages',
        state: 'there',
        carried: 10,
        mended: 0,
        refused: {},
        unreadable: [],
      },
      { name: 'memory', carried: 1, mended: 0 },
      { name: 'cron_jobs', carried: 1, mended: 0 },
      {
        name: 'cron_job_runs',
        state: version < 4 ? 'absent' : 'there',
        carried: version < 4 ? 0 : 1,
      },
      {
        name: 'gateway_sessions',
        state: version < 3 ? 'absent' : 'there',
        carried: version < 3 ? 0 : 1,
      },
    ]);
    expect(query('SELECT * FROM chat_messages WHERE id = 1')).toEqual([
      {
        id: 1,
        session_id: 'gw-default-42',
        role: 'user',
        content: 'message 1',
        source: 'telegram',
        telegram_chat_id: 42,
        user_id: version < 7 ? null : '7',
        username: version < 7 ? null : 'ann',
        created_at: '2025-01-02 03:04:06',
        bot_id: 'default',
      },
    ]);
    expect(query('SELECT cron_expression, enabled, note, unconverted FROM cron_jobs')).toEqual([
      {
        cron_expression: '30 7 * * MON-FRI',
        enabled: 1,
        note: expect.stringContaining('"30 7 * * 0-4"'),
        unconverted: 0,
      },
    ]);
    if (version >= 3) {
      expect(
        query('SELECT bot_id, chat_id, busy, first_done, nirmana_mode FROM gateway_sessions'),
      ).toEqual([
        {
          bot_id: 'default',
          chat_id: '42',
          busy: 0,
          first_done: 1,
          nirmana_mode: version < 8 ? 0 : 1,
        },
      ]);
    }
    expect(query('SELECT last_seq FROM search_takeover')).toEqual([{ last_seq: 11 }]);
    expect(query("SELECT seq FROM sqlite_sequence WHERE name = 'chat_messages'")).toEqual([
      { seq: 10 },
    ]);
    expect(readdirSync(join(scratch, 'new')).toSorted()).toEqual([
      'gateway.db',
      'gateway.db.adopted.json',
      'gateway.db.lock',
      'gateway.db.pid',
    ]);
    expect(statSync(newFile).mode & 0o777).toBe(0o600);
  });
});

test('a hundred thousand messages come over, each with its number', async () => {
  make(8, 100_000, 200);
  const plan = await adopt();
  expect(tableOf(plan, 'chat_messages')).toMatchObject({
    carried: 100_000,
    refused: {},
    unreadable: [],
  });
  expect(query('SELECT count(*) AS n, min(id) AS low, max(id) AS high FROM chat_messages')).toEqual(
    [{ n: 100_000, low: 1, high: 100_000 }],
  );
  expect(query('SELECT count(*) AS n FROM search_queue')).toEqual([{ n: 100_001 }]);
});

test('numbers of rows that were deleted are not given again', async () => {
  make(8);
  const old = new Sqlite(oldFile);
  old.exec('DELETE FROM chat_messages WHERE id > 3; DELETE FROM memory');
  old.close();
  await adopt();
  expect(
    query(
      "SELECT name, seq FROM sqlite_sequence WHERE name IN ('chat_messages', 'memory') ORDER BY name",
    ),
  ).toEqual([
    { name: 'chat_messages', seq: 10 },
    { name: 'memory', seq: 1 },
  ]);
});

test('one that is only looked at changes nothing, and leaves nothing', async () => {
  make(8);
  writeFileSync(join(root, '.env'), 'REPORT_CC=a@example.com\n');
  const before = everything(scratch);
  const { discard } = await prepare();
  discard();
  expect(everything(scratch)).toEqual(before);
});

test('what was left of one that was killed while it looked is removed', async () => {
  make(8);
  const left = join(scratch, '.mcb-adopt-999999999-abcdef');
  mkdirSync(left);
  (await prepare()).discard();
  expect(existsSync(left)).toBe(false);
});

describe('a database that is open elsewhere', () => {
  test('comes over with what stands in its log alone, and is not written beside', async () => {
    make(8);
    const running = new Sqlite(oldFile);
    running.pragma('wal_autocheckpoint = 0');
    running.exec("INSERT INTO memory (key, content) VALUES ('late', 'commit')");
    const names = readdirSync(join(root, 'data')).toSorted();
    try {
      const plan = await adopt();
      expect(tableOf(plan, 'memory')).toMatchObject({ carried: 2 });
      expect(readdirSync(join(root, 'data')).toSorted()).toEqual(names);
      running.exec("INSERT INTO memory (key, content) VALUES ('later', 'still works')");
    } finally {
      running.close();
    }
  });

  test('one whose writer was killed comes over with its log, and stays as it was', async () => {
    make(8);
    const writer = new Sqlite(oldFile);
    writer.pragma('wal_autocheckpoint = 0');
    writer.exec("INSERT INTO memory (key, content) VALUES ('late', 'commit')");
    const left = ['', '-wal'].map((part) => [part, readFileSync(oldFile + part)] as const);
    writer.close();
    for (const [part, bytes] of left) writeFileSync(oldFile + part, bytes);
    const before = everything(root);
    const plan = await adopt();
    expect(everything(root)).toEqual(before);
    expect(plan.openIn).toBeUndefined();
    expect(tableOf(plan, 'memory')).toMatchObject({ carried: 2 });
  });
});

describe('damage', () => {
  test('pages that can not be read cost their rows, which are counted, and no others', async () => {
    make(8, 4000, 0);
    const pages = pagesOf('chat_messages');
    spoil(pages.slice(4, 6));
    const plan = await adopt();
    const table = tableOf(plan, 'chat_messages');
    const lost = table?.unreadable.reduce((sum, { from, to }) => sum + to - from + 1, 0) ?? 0;
    expect(lost).toBeGreaterThan(20);
    expect(lost).toBeLessThan(1000);
    expect((table?.carried ?? 0) + lost).toBe(4000);
    const [counted] = query('SELECT count(*) AS n FROM chat_messages');
    expect(counted).toEqual({ n: table?.carried });
    expect(tableOf(plan, 'memory')).toMatchObject({ carried: 1, unreadable: [] });
    const [hole] = table?.unreadable ?? [];
    expect(
      query(`SELECT id FROM chat_messages WHERE id IN (${(hole?.from ?? 0) - 1}, ${hole?.from})`),
    ).toEqual([{ id: (hole?.from ?? 0) - 1 }]);
  });

  test('the last page of a table', async () => {
    make(8, 1000, 0);
    spoil(pagesOf('chat_messages').slice(-1));
    const table = tableOf(await adopt(), 'chat_messages');
    expect(table?.unreadable).toMatchObject([{ to: 1000 }]);
    expect(table?.carried).toBeGreaterThan(500);
  });

  test('tables that are missing, or are none of the old system’s, are named', async () => {
    make(8);
    const old = new Sqlite(oldFile);
    old.exec(
      'DROP TABLE memory; CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES (1), (2)',
    );
    old.close();
    const plan = await adopt();
    expect(tableOf(plan, 'memory')).toMatchObject({ state: 'missing', carried: 0 });
    expect(tableOf(plan, 'chat_messages')).toMatchObject({ carried: 10 });
    expect(plan.rebuilt.left).toEqual([{ name: 'songs', rows: 2 }]);
  });

  test('rows that were written in half, or hold something else, are mended or counted', async () => {
    make(8);
    rewriteSchema('chat_messages', (sql) =>
      sql.replaceAll(' NOT NULL', '').replace(/CHECK \([^)]*\)\)/, ''),
    );
    const old = new Sqlite(oldFile);
    old.exec(`
      UPDATE chat_messages SET content = NULL WHERE id = 2;
      UPDATE chat_messages SET role = 'robot' WHERE id = 3;
      UPDATE chat_messages SET content = CAST('bytes' AS BLOB) WHERE id = 4;
      UPDATE chat_messages SET content = x'fffe' WHERE id = 5;
      UPDATE chat_messages SET created_at = NULL WHERE id = 6;
      UPDATE chat_messages SET telegram_chat_id = 'many' WHERE id = 7;
      UPDATE chat_messages SET bot_id = '../other' WHERE id = 8;
      UPDATE gateway_sessions SET cwd = 'here';
      UPDATE cron_jobs SET enabled = 'yes';
      INSERT INTO cron_jobs (name, cron_expression, command, job_type) VALUES ('x', '@daily', 'true', 'magic');`);
    old.close();
    const plan = await adopt();
    expect(tableOf(plan, 'chat_messages')).toMatchObject({
      carried: 6,
      mended: 2,
      refused: {
        'it has no usable content': 2,
        'it has no usable role': 1,
        'it has no usable bot_id': 1,
      },
    });
    expect(
      query(
        'SELECT id, content, telegram_chat_id AS chat, created_at FROM chat_messages WHERE id IN (4, 6, 7)',
      ),
    ).toEqual([
      { id: 4, content: 'bytes', chat: 42, created_at: '2025-01-02 03:04:09' },
      { id: 6, content: 'message 6', chat: 42, created_at: '2025-01-02 03:04:09' },
      { id: 7, content: 'message 7', chat: null, created_at: '2025-01-02 03:04:12' },
    ]);
    expect(tableOf(plan, 'gateway_sessions')).toMatchObject({
      carried: 0,
      refused: { 'it has no usable cwd': 1 },
    });
    expect(tableOf(plan, 'cron_jobs')).toMatchObject({
      carried: 1,
      mended: 1,
      refused: { 'it has no usable job_type': 1 },
    });
    expect(query('SELECT enabled FROM cron_jobs')).toEqual([{ enabled: 0 }]);
  });

  test('a schema that is damaged in part lets the rest be read', async () => {
    make(8);
    rewriteSchema('idx_chat_session', () => 'CREATE INDEX nonsense (((');
    const plan = await adopt();
    expect(tableOf(plan, 'chat_messages')).toMatchObject({ carried: 10 });
  });

  test.each<[string, () => void, RegExp]>([
    ['is empty', () => writeFileSync(oldFile, ''), /does not begin as an SQLite database/],
    [
      'is of another kind',
      () => writeFileSync(oldFile, 'Dear diary. '.repeat(900)),
      /sqlite3 FILE \.recover/,
    ],
    [
      'has nothing but its first page’s beginning',
      () =>
        writeFileSync(
          oldFile,
          Buffer.concat([readFileSync(oldFile).subarray(0, 100), Buffer.alloc(5000, 7)]),
        ),
      /nothing can be read/,
    ],
  ])('a file that %s is refused, and nothing is left', async (_what, break_, words) => {
    make(8);
    break_();
    const before = everything(scratch);
    await expect(prepare()).rejects.toThrow(AdoptFault);
    await expect(prepare()).rejects.toThrow(words);
    expect(everything(scratch)).toEqual(before);
  });
});

describe('where it must not go', () => {
  const emptyDirectory = (): string => mkdtempSync(join(scratch, 'empty-'));
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['nothing is there', () => prepare(join(scratch, 'nowhere')), /There is nothing at/],
    ['no database is there', () => prepare(emptyDirectory()), /No database/],
    [
      'onto the old database',
      () => prepare(root, { DATABASE_PATH: oldFile }),
      /the old database itself/,
    ],
  ])('%s', async (_what, act, words) => {
    make(8);
    await expect(act()).rejects.toThrow(words);
  });

  test('the old .env is not written into', async () => {
    make(8);
    envFile = join(root, '.env');
    writeFileSync(envFile, 'REPORT_CC=a@example.com\n');
    await expect(prepare()).rejects.toThrow(/old install's own/);
  });

  test('into a database that holds something', async () => {
    make(8);
    mkdirSync(join(scratch, 'new'));
    const present = openDatabase(newFile);
    present.exec("INSERT INTO memory VALUES (1, 'k', 'c', 'general', 'now', 'now', 'b')");
    present.close();
    await expect(prepare()).rejects.toThrow(/holds data already \(memory: 1\)/);
  });

  test('one of ours is not taken over', async () => {
    openDatabase(oldFile).close();
    await expect(prepare()).rejects.toThrow(/one of this program/);
  });

  test('a second time', async () => {
    make(8);
    await adopt();
    await expect(prepare()).rejects.toThrow(
      /was taken over already, on 2030-01-02T03:04:05\.000Z.*--undo/,
    );
  });

  test('while a gateway has the database', async () => {
    make(8);
    const { apply, discard } = await prepare();
    mkdirSync(join(scratch, 'new'));
    const lock = new Sqlite(`${newFile}.lock`);
    lock.exec('BEGIN EXCLUSIVE');
    expect(apply).toThrow(/in use by another gateway/);
    lock.close();
    discard();
    expect(existsSync(newFile)).toBe(false);
    expect(existsSync(envFile)).toBe(false);
  });
});

describe('the way back', () => {
  beforeEach(() => {
    make(8);
    writeFileSync(join(root, '.env'), 'REPORT_CC=a@example.com\n');
  });
  const undo = () => prepareUndo(target(), nowMs).undo();

  test('removes what was made, and lets it be made again', async () => {
    writeFileSync(envFile, 'PORT=8001\n');
    const before = everything(root);
    await adopt();
    expect(readFileSync(envFile, 'utf8')).toContain('\nREPORT_CC=a@example.com\n');
    expect(undo()).toEqual({ keptAs: undefined, restored: false, env: 'removed' });
    expect(readFileSync(envFile, 'utf8')).toBe('PORT=8001\n');
    expect(existsSync(newFile)).toBe(false);
    expect(existsSync(recordFile(newFile))).toBe(false);
    expect(everything(root)).toEqual(before);
    await adopt();
    expect(query('SELECT count(*) AS n FROM chat_messages')).toEqual([{ n: 10 }]);
  });

  test('keeps a database that was used meanwhile, under another name', async () => {
    await adopt();
    query("INSERT INTO memory VALUES (2, 'k', 'c', 'general', 'now', 'now', 'b') RETURNING id");
    const { keptAs } = undo();
    expect(existsSync(newFile)).toBe(false);
    const kept = new Sqlite(keptAs ?? '', { readonly: true });
    expect(kept.prepare('SELECT count(*) FROM memory').pluck().get()).toBe(2);
    kept.close();
  });

  test('gives an empty database its place again', async () => {
    mkdirSync(join(scratch, 'new'));
    const present = openDatabase(newFile);
    present.exec(
      "INSERT INTO audit (at_ms, caller, operation, kind, about) VALUES (1, 'c', 'o', 'runs', '{}')",
    );
    present.close();
    await adopt();
    expect(undo()).toMatchObject({ restored: true });
    expect(query('SELECT count(*) AS n FROM audit')).toEqual([{ n: 1 }]);
  });

  test('leaves lines that were changed since', async () => {
    await adopt();
    const changed = readFileSync(envFile, 'utf8').replace('a@example.com', 'b@example.com');
    writeFileSync(envFile, changed);
    expect(undo()).toMatchObject({ env: 'left' });
    expect(readFileSync(envFile, 'utf8')).toBe(changed);
  });

  test('what was cut off in the middle is done anew', async () => {
    await adopt();
    const record = JSON.parse(readFileSync(recordFile(newFile), 'utf8'));
    writeFileSync(recordFile(newFile), JSON.stringify({ ...record, state: 'begun' }));
    await adopt();
    expect(readFileSync(envFile, 'utf8').match(/REPORT_CC/g)).toHaveLength(1);
    expect(query('SELECT count(*) AS n FROM chat_messages')).toEqual([{ n: 10 }]);
  });

  test('what came into the place of one that was cut off is kept', async () => {
    await adopt();
    const record = JSON.parse(readFileSync(recordFile(newFile), 'utf8'));
    undo();
    writeFileSync(recordFile(newFile), JSON.stringify({ ...record, state: 'begun' }));
    query("INSERT INTO memory VALUES (1, 'k', 'mine', 'general', 'now', 'now', 'b') RETURNING id");
    await adopt();
    const kept = readdirSync(join(scratch, 'new')).filter((name) => /\.undone\.\d+$/.test(name));
    expect(kept).toHaveLength(1);
    const database = new Sqlite(join(scratch, 'new', kept[0] ?? ''), { readonly: true });
    expect(database.prepare('SELECT content FROM memory').pluck().all()).toEqual(['mine']);
    database.close();
  });

  test('there is none where nothing was taken over', () => {
    expect(undo).toThrow(/nothing to undo/);
  });
});

/** Change how the old file says that something was made. */
function rewriteSchema(name: string, change: (sql: string) => string): void {
  const database = new Sqlite(oldFile);
  database.unsafeMode(true);
  database.pragma('writable_schema = ON');
  const sql = database.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name);
  database
    .prepare('UPDATE sqlite_master SET sql = ? WHERE name = ?')
    .run(change(String(sql)), name);
  database.close();
}

/** The pages of a table that hold rows, by their number. */
function pagesOf(table: string): number[] {
  const database = new Sqlite(oldFile);
  const size = Number(database.pragma('page_size', { simple: true }));
  const root = database
    .prepare('SELECT rootpage FROM sqlite_master WHERE name = ?')
    .pluck()
    .get(table);
  database.close();
  const bytes = readFileSync(oldFile);
  // An interior page of a table names its children, each before a key; the last stands in its head.
  // https://www.sqlite.org/fileformat2.html#b_tree_pages
  const leaves = (page: number): number[] => {
    const at = (page - 1) * size;
    if (bytes[at] === 13) return [page];
    const count = bytes.readUInt16BE(at + 3);
    const children = Array.from({ length: count }, (_, n) =>
      bytes.readUInt32BE(at + bytes.readUInt16BE(at + 12 + n * 2)),
    );
    return [...children, bytes.readUInt32BE(at + 8)].flatMap(leaves);
  };
  return leaves(Number(root));
}

function spoil(pages: readonly number[]): void {
  const bytes = readFileSync(oldFile);
  for (const page of pages) bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
  writeFileSync(oldFile, bytes);
}
