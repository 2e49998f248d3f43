import {
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
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, DatabaseError } from './database.ts';
import { newestVersion } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { makeOldSystemFile } from './test-old-system.ts';

let directory: string;
let file: string;
const opened: Sqlite.Database[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'database-'));
  file = join(directory, 'gateway.db');
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(directory, { recursive: true });
});

function open(path = file): Database {
  const database = openDatabase(path);
  opened.push(database);
  return database;
}

/** A file of another program, or of another time. */
function foreignFile(sql: string): Buffer {
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
  return readFileSync(file);
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const versionIn = (database: Sqlite.Database): unknown =>
  database.prepare('SELECT MAX(version) FROM _schema_version').pluck().get();

const Named = z.array(z.object({ name: z.string() }));

/** Every row of every ordinary table. */
function contentOf(database: Sqlite.Database): Record<string, unknown[]> {
  const tables = database.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name",
  );
  const names = Named.parse(tables.all()).map(({ name }) => name);
  return Object.fromEntries(
    names.map((name) => [name, database.prepare(`SELECT * FROM "${name}" ORDER BY 1`).all()]),
  );
}

describe('a file that is not there', () => {
  test('is made, with its directory, for its owner alone', () => {
    const path = join(directory, 'new', 'deep', 'gateway.db');
    const database = open(path);
    expect(versionIn(database)).toBe(newestVersion);
    expect(modeOf(path)).toBe('600');
    expect(modeOf(join(directory, 'new'))).toBe('700');
    expect(modeOf(join(directory, 'new', 'deep'))).toBe('700');
    expect(modeOf(`${path}-wal`)).toBe('600');
  });

  test('keeps what is written, over a second opening', () => {
    const first = open();
    first.exec("INSERT INTO memory VALUES (1, 'k', 'c', 'general', 'now', 'now', 'b')");
    first.close();
    const second = open();
    expect(second.prepare('SELECT content FROM memory').pluck().all()).toEqual(['c']);
    expect(readdirSync(directory).filter((name) => name.endsWith('.bak'))).toEqual([]);
  });

  test('an empty one is taken for new', () => {
    writeFileSync(file, '');
    expect(versionIn(open())).toBe(newestVersion);
  });
});

test('settings: a commit survives the process, and references hold', () => {
  const database = open();
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  const orphan = "INSERT INTO cron_job_runs (job_id, started_at) VALUES (99, 'now')";
  expect(() => database.exec(orphan)).toThrow('FOREIGN KEY');
});

test('a database in memory writes no file', () => {
  expect(versionIn(open(':memory:'))).toBe(newestVersion);
  expect(readdirSync(directory)).toEqual([]);
});

describe('a file of the old system', () => {
  test('opens with everything in it, and can be written', () => {
    makeOldSystemFile(file);
    const before = new Sqlite(file);
    const rows = contentOf(before);
    before.close();

    const database = open();
    const after = contentOf(database);
    const [session] = rows.gateway_sessions ?? [];
    expect(after).toMatchObject({
      ...rows,
      gateway_sessions: [
        Object.assign({}, session, { claude_session_id: null, claude_cost_usd: 0 }),
      ],
      _schema_version: [...(rows._schema_version ?? []), { version: newestVersion }],
    });
    const virtual = database.prepare("SELECT name FROM sqlite_master WHERE sql LIKE '%vec0%'");
    expect(virtual.pluck().all()).toEqual(['chat_embeddings', 'memory_embeddings']);
    database.exec(
      "INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', 'c')",
    );
    expect(contentOf(database).chat_messages).toHaveLength(4);
  });

  test('is copied first, with what stands in its log', () => {
    makeOldSystemFile(file);
    // It was killed: its last commit is in the log alone.
    const killed = new Sqlite(file);
    opened.push(killed);
    killed.pragma('wal_autocheckpoint = 0');
    killed.exec("INSERT INTO memory VALUES (2, 'late', 'commit', 'x', 'now', 'now', 'b')");
    const before = contentOf(killed);

    open();
    const backups = readdirSync(directory).filter((name) => name.endsWith('.bak'));
    expect(backups).toEqual([expect.stringMatching(/^gateway\.db\.v8\.\d+\.bak$/)]);
    const backup = join(directory, backups[0] ?? '');
    expect(modeOf(backup)).toBe('600');
    const copy = new Sqlite(backup);
    opened.push(copy);
    expect(contentOf(copy)).toEqual(before);
    expect(versionIn(copy)).toBe(8);
  });

  test('is changed once: opened again, it is neither copied nor changed', () => {
    makeOldSystemFile(file);
    open().close();
    const database = open();
    expect(versionIn(database)).toBe(newestVersion);
    expect(readdirSync(directory).filter((name) => name.endsWith('.bak'))).toHaveLength(1);
  });

  test('one that cannot be changed stays at its version, whole', () => {
    makeOldSystemFile(file);
    // A table in the way: the step fails after it has altered another.
    const before = new Sqlite(file);
    before.exec('CREATE TABLE turns (something TEXT)');
    const content = contentOf(before);
    before.close();
    expect(() => open()).toThrow(DatabaseError);
    const after = new Sqlite(file);
    opened.push(after);
    expect(contentOf(after)).toEqual(content);
  });
});

describe('a file that is refused is not touched', () => {
  test.each([
    [
      'of a newer version',
      `CREATE TABLE _schema_version (version INTEGER); INSERT INTO _schema_version VALUES (${newestVersion + 1})`,
      `version ${newestVersion + 1}; this program knows versions up to ${newestVersion}`,
    ],
    [
      'of a version before the last of the old system',
      'CREATE TABLE _schema_version (version INTEGER); INSERT INTO _schema_version VALUES (7)',
      'version 7 of the old system',
    ],
    ['of another program', 'CREATE TABLE songs (title TEXT)', 'belongs to another program'],
    [
      'of another program, which has versions too',
      'CREATE TABLE _schema_version (version INTEGER); CREATE TABLE songs (title TEXT)',
      'belongs to another program',
    ],
  ])('one %s', (_what, sql, words) => {
    const bytes = foreignFile(sql);
    const mode = modeOf(file);
    expect(() => open()).toThrow(DatabaseError);
    expect(() => open()).toThrow(words);
    expect(() => open()).toThrow(file);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(modeOf(file)).toBe(mode);
    expect(readdirSync(directory)).toEqual(['gateway.db']);
  });

  test('one whose writer died, with its log', () => {
    const writer = new Sqlite(file);
    writer.pragma('journal_mode = WAL');
    writer.exec(
      `CREATE TABLE _schema_version (version INTEGER); INSERT INTO _schema_version VALUES (${newestVersion + 1})`,
    );
    // As a killed writer leaves them: neither merged nor removed.
    const left = [file, `${file}-wal`].map((path) => [path, readFileSync(path)] as const);
    writer.close();
    for (const [path, bytes] of left) writeFileSync(path, bytes);
    expect(() => open()).toThrow(`version ${newestVersion + 1}`);
    for (const [path, bytes] of left) expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('one that is no database', () => {
    writeFileSync(file, 'Dear diary, '.repeat(1000));
    expect(() => open()).toThrow(DatabaseError);
    expect(() => open()).toThrow(`The database ${file} can't be used: file is not a database`);
    expect(readFileSync(file, 'utf8')).toBe('Dear diary, '.repeat(1000));
  });
});

describe('a place that cannot be used', () => {
  test('a directory in place of the file', () => {
    mkdirSync(file);
    expect(() => open()).toThrow(DatabaseError);
    expect(() => open()).toThrow(/can't be opened: .*DATABASE_PATH/);
  });

  test('a file in place of the directory', () => {
    writeFileSync(file, '');
    expect(() => open(join(file, 'gateway.db'))).toThrow(DatabaseError);
    expect(() => open(join(file, 'gateway.db'))).toThrow(/can't be opened: .*DATABASE_PATH/);
  });
});
