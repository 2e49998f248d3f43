import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseHeldError, holdDatabase } from '../db/hold-database.ts';
import { newestVersion } from '../db/migrate.ts';
import { openDatabase } from '../db/open-database.ts';
import { BackupError } from './backup-error.ts';
import { type RestoreReport, restoreBackup } from './restore-backup.ts';
import { finishRestore, journalOf } from './restore-journal.ts';
import { entryOf, manifestText, type Piece, piece, tarOf, writeTar } from './test-archive.ts';
import {
  backUp,
  emptyHouse,
  fullHouse,
  type House,
  madeAtMs,
  sessionId,
  treeOf,
} from './test-house.ts';

let house: House;
let other: House;
beforeEach(() => {
  house = fullHouse();
  other = emptyHouse();
});
afterEach(() => {
  house.remove();
  other.remove();
});

const nowMs = madeAtMs + 1000;
const restore = (to: House, file = house.file, dryRun = false): Promise<RestoreReport> =>
  restoreBackup({ file, places: to.places, envFile: to.envFile, dryRun, nowMs });

const messagesIn = (database: string): unknown[] => {
  const opened = new Sqlite(database, { readonly: true });
  try {
    return opened.prepare('SELECT content FROM chat_messages ORDER BY id').pluck().all();
  } finally {
    opened.close();
  }
};

/** What restores may leave: locks, and what was there. */
const passing = /\.(lock|pid|lock-journal)$/;

describe('a backup that is restored', () => {
  test('brings everything back, to an empty machine', async () => {
    const made = await backUp(house);
    expect(made.left_out).toEqual(['sessions/default/1/out: a link that leads elsewhere']);
    expect(statSync(house.file).mode & 0o777).toBe(0o600);
    const report = await restore(other);
    expect(report).toMatchObject({
      restored: true,
      rows: { messages: 1, memories: 1 },
      key: 'restored',
      aside: [],
      config: other.envFile,
    });
    const { out: _, ...chat } = treeOf(join(house.places.sessions, 'default', '1'));
    expect(treeOf(join(other.places.sessions, 'default', '1'))).toEqual(chat);
    expect(Object.keys(chat)).toHaveLength(7);
    expect(statSync(join(other.places.sessions, 'default', '1', 'run.sh')).mode & 0o777).toBe(
      0o700,
    );
    expect(treeOf(other.places.archives)).toEqual({ 'index.json': '[]' });
    expect(readFileSync(`${other.places.database}.key`, 'utf8')).toBe('a key\n');
    expect(statSync(`${other.places.database}.key`).mode & 0o777).toBe(0o600);
    expect(readFileSync(other.envFile, 'utf8')).toBe('PORT=8123\n');
    expect(messagesIn(other.places.database)).toEqual(['hello']);
    openDatabase(other.places.database).close();
  });

  test('brings the owner’s reports back, and leaves those beside them', async () => {
    await backUp(house, { work: false });
    mkdirSync(join(other.places.reports, 'templates'), { recursive: true });
    writeFileSync(join(other.places.reports, 'family.yaml'), 'title: Now\n');
    writeFileSync(join(other.places.reports, 'mine.yaml'), 'title: Mine\n');
    writeFileSync(join(other.places.reports, 'templates', 'mine.tex'), 'now');
    const { aside } = await restore(other);
    expect(treeOf(other.places.reports)).toEqual({
      'family.yaml': 'title: Family\n',
      'mine.yaml': 'title: Mine\n',
      'short.yml': 'title: Short\n',
      templates: '/',
      'templates/family.tex': '[[sections]]\n',
    });
    expect(treeOf(aside.at(-1) ?? '')).toEqual({
      'family.yaml': 'title: Now\n',
      templates: '/',
      'templates/mine.tex': 'now',
    });
  });

  test('finds its chats where they are now', async () => {
    await backUp(house);
    await restore(other);
    const database = new Sqlite(other.places.database);
    const chat = join(other.places.sessions, 'default', '1');
    expect(database.prepare('SELECT cwd FROM gateway_sessions').pluck().all()).toEqual([chat]);
    database.close();
    const folder = chat.replace(/[^A-Za-z0-9]/g, '-');
    expect(treeOf(other.places.projects)).toEqual({
      [folder]: '/',
      [`${folder}/${sessionId}`]: '/',
      [`${folder}/${sessionId}.jsonl`]: '{"type":"user"}\n',
      [`${folder}/${sessionId}/subagent.jsonl`]: '{}\n',
    });
  });

  test('keeps aside what was there, log and all, and leaves what is not ours', async () => {
    await backUp(house);
    const { database, sessions, projects } = house.places;
    // As a gateway leaves it that was killed: its last commit is in the log alone.
    const killed = new Sqlite(database);
    killed.pragma('journal_mode = WAL');
    killed.pragma('wal_autocheckpoint = 0');
    killed.exec(
      "INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', 'later')",
    );
    writeFileSync(join(sessions, 'default', '1', 'later.txt'), 'later');
    mkdirSync(join(sessions, 'hero', '2'), { recursive: true });
    writeFileSync(house.envFile, 'PORT=1\n');
    const { aside, config } = await restore(house);
    killed.close();
    expect(messagesIn(database)).toEqual(['hello']);
    expect(existsSync(join(sessions, 'default', '1', 'later.txt'))).toBe(false);
    expect(readdirSync(sessions)).toEqual(['default']);
    expect(treeOf(join(projects, 'mine'))).toEqual({
      '11111111-7d1c-4d52-9a5e-0d8f3c1b2a49.jsonl': 'not ours\n',
    });
    const [kept = '', transcripts = '', work = '', archives = ''] = aside;
    expect(messagesIn(join(kept, 'gateway.db'))).toEqual(['hello', 'later']);
    expect(Object.keys(treeOf(transcripts))).toHaveLength(4);
    expect(treeOf(work)).toMatchObject({ 'default/1/later.txt': 'later', 'hero/2': '/' });
    expect(treeOf(archives)).toEqual({ 'index.json': '[]' });
    expect(config).toBe(`${house.envFile}.from-backup`);
    expect(readFileSync(house.envFile, 'utf8')).toBe('PORT=1\n');
    expect(readdirSync(house.home).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  test('has neither work nor key where they were not asked for', async () => {
    await backUp(house, { work: false, key: false });
    expect(gunzipSync(readFileSync(house.file)).includes('a key')).toBe(false);
    expect(await restore(other)).toMatchObject({ work: false, key: 'missing' });
    expect(existsSync(other.places.sessions)).toBe(false);
    const kept = treeOf(house.places.sessions);
    expect(await restore(house)).toMatchObject({ key: 'kept' });
    expect(treeOf(house.places.sessions)).toEqual(kept);
  });

  test('is only looked at in a dry run, also while a gateway runs', async () => {
    await backUp(house);
    const before = treeOf(house.home);
    const release = holdDatabase(house.places.database);
    try {
      expect(await restore(house, house.file, true)).toMatchObject({
        restored: false,
        rows: { messages: 1 },
        aside: [],
      });
    } finally {
      release();
    }
    expect(treeOf(house.home, passing)).toEqual(before);
    await restore(other, house.file, true);
    expect(treeOf(other.home)).toEqual({});
  });

  test('is refused while a gateway runs', async () => {
    await backUp(house);
    const release = holdDatabase(house.places.database);
    const before = treeOf(house.home);
    await expect(restore(house)).rejects.toThrow(DatabaseHeldError);
    expect(treeOf(house.home)).toEqual(before);
    release();
  });
});

describe('a backup made while rows are written', () => {
  const writer = `
    const Sqlite = require('better-sqlite3');
    const database = new Sqlite(process.argv[1]);
    database.pragma('journal_mode = WAL');
    const insert = database.prepare("INSERT INTO chat_messages (session_id, role, content) VALUES ('load', 'user', ?)");
    let n = 0;
    function some() {
      for (let i = 0; i < 20; i += 1) insert.run(String(n++));
      process.stdout.write(n + '\\n');
      setImmediate(some);
    }
    some();`;

  test('has every row that was committed before it began, and no holes after', async () => {
    const child = spawn(process.execPath, ['-e', writer, house.places.database], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let committed = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      committed = Number(text.trim().split('\n').at(-1));
    });
    try {
      for (let round = 0; round < 5; round += 1) {
        await once(child.stdout, 'data');
        const before = committed;
        await backUp(house, { work: false });
        await restoreBackup({
          file: house.file,
          places: other.places,
          envFile: other.envFile,
          dryRun: false,
          nowMs: nowMs + round,
        });
        const restored = messagesIn(other.places.database).slice(1);
        expect(restored.length).toBeGreaterThanOrEqual(before);
        expect(restored).toEqual(restored.map((_, n) => String(n)));
        rmSync(house.file);
      }
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

/** Nothing of it is made, and what is there stays. */
async function refused(words: RegExp | string): Promise<void> {
  for (const [place, dryRun] of [
    [house, false],
    [other, true],
  ] as const) {
    const before = treeOf(place.home, passing);
    const fault = await restore(place, house.file, dryRun).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(BackupError);
    expect(String(fault)).toMatch(words);
    expect(treeOf(place.home, passing)).toEqual(before);
  }
}

describe('a damaged backup is refused, and nothing is changed', () => {
  test('one that was cut off, wherever', async () => {
    await backUp(house);
    const whole = readFileSync(house.file);
    for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
      writeFileSync(house.file, whole.subarray(0, Math.floor(whole.length * share)));
      await refused(/can't be restored/);
    }
    const tar = gunzipSync(whole);
    for (const share of [0.2, 0.6, 0.95]) {
      writeFileSync(house.file, gzipSync(tar.subarray(0, Math.floor(tar.length * share))));
      await refused(/can't be restored/);
    }
  });

  test('one with a byte changed, wherever', async () => {
    await backUp(house);
    const tar = gunzipSync(readFileSync(house.file));
    const places = [
      600,
      0.3 * tar.length,
      0.5 * tar.length,
      tar.indexOf('a note'),
      tar.indexOf('"entries"'),
    ];
    for (const place of places) {
      const changed = Buffer.from(tar);
      const at = Math.floor(place);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      writeFileSync(house.file, gzipSync(changed));
      await expect(restore(other)).rejects.toThrow(BackupError);
    }
    expect(treeOf(other.home, passing)).toEqual({});
  });

  test('one whose database is damaged, though the list agrees', async () => {
    const bytes = readFileSync(house.places.database);
    bytes.fill(0x5a, 4096 * 3, 4096 * 9);
    const database = piece('database.sqlite', bytes);
    writeTar(house.file, [
      database,
      piece('manifest.json', manifestText([entryOf(database)], { schema: newestVersion })),
    ]);
    await refused("the database in it can't be used");
  });

  test.each([
    ['a text', 'Dear diary'],
    ['an empty file', ''],
    ['gzip of a text', gzipSync('Dear diary')],
    ['gzip of zeros', gzipSync(Buffer.alloc(100_000))],
  ])('%s', async (_what, bytes) => {
    writeFileSync(house.file, bytes);
    await refused(/can't be restored/);
  });

  test('no file, and a directory', async () => {
    await refused('There is no file');
    mkdirSync(house.file);
    await refused('is no file');
  });
});

describe('a hostile archive is refused, and nothing is changed', () => {
  const database = (): Piece => piece('database.sqlite', readFileSync(house.places.database));
  /** With a whole database and a list that has all of it: only what is said is wrong with it. */
  const write = (
    pieces: readonly Piece[],
    listed = pieces,
    extra: readonly unknown[] = [],
  ): void => {
    const db = database();
    const entries = [db, ...listed].map(entryOf);
    const list = manifestText([...entries, ...extra], { schema: newestVersion });
    writeTar(house.file, [db, ...pieces, piece('manifest.json', list)]);
  };

  test('the way that it is made here is a good one, without the fault', async () => {
    write([piece('sessions/default/1/a.txt')]);
    expect(await restore(other)).toMatchObject({ restored: true });
    expect(treeOf(other.places.sessions)).toMatchObject({ 'default/1/a.txt': 'x' });
  });

  test.each([
    '../evil.txt',
    '/tmp/evil.txt',
    'sessions/../../evil.txt',
    'sessions/default/../../../evil.txt',
    'sessions/./1/a.txt',
    'sessions//a.txt',
    'sessions/default/1/',
    'evil.txt',
    'gateway.db',
    'transcripts/..',
    `sessions/${'d/'.repeat(100)}a`,
    `sessions/default/${'a'.repeat(300)}`,
  ])('the name %s', async (name) => {
    write([piece(name)]);
    await refused(/no name that a backup has|its list is wrong|no tar file/);
  });

  test.each(['SymbolicLink', 'Link', 'CharacterDevice', 'FIFO', 'Directory'] as const)(
    'a %s in the tar',
    async (type) => {
      write(
        [
          piece('sessions/default/1', '', {
            type,
            size: 0,
            ...(type.endsWith('Link') ? { linkpath: '/etc' } : {}),
          }),
        ],
        [],
      );
      await refused(`is a ${type}`);
    },
  );

  test.each(['/etc/passwd', '../../../../etc', '../../other/2', ''])(
    'a link in its list to %j',
    async (target) => {
      write([], [], [{ kind: 'link', path: 'sessions/default/1/link', target }]);
      await refused(/leads out of its chat/);
    },
  );

  test('a file below a link, and below a file', async () => {
    const below = piece('sessions/default/1/link/a.txt');
    write([below], [below], [{ kind: 'link', path: 'sessions/default/1/link', target: '.' }]);
    await refused('lies below a link');
    const parent = piece('sessions/default/1/link');
    write([parent, below]);
    await refused('lies below a file');
  });

  test('a file twice, one that is not listed, and one that is missing', async () => {
    const one = piece('sessions/default/1/a.txt');
    write([one, one], [one]);
    await refused('is in it twice');
    write([one], []);
    await refused('is not in its list');
    write([], [one]);
    await refused('is missing in it');
    write([one], [one, one]);
    await refused('is listed twice');
  });

  test('something after its list', async () => {
    const db = database();
    const list = manifestText([entryOf(db)], { schema: newestVersion });
    writeTar(house.file, [db, piece('manifest.json', list), piece('sessions/default/1/a.txt')]);
    await refused('something comes after its list');
  });

  test('no database, one of another schema than the list says, one of a newer program', async () => {
    writeTar(house.file, [piece('manifest.json', manifestText([]))]);
    await refused('no database in it');
    const db = database();
    writeTar(house.file, [db, piece('manifest.json', manifestText([entryOf(db)], { schema: 9 }))]);
    await refused('disagree');
    writeTar(house.file, [db, piece('manifest.json', JSON.stringify({ format: 2 }))]);
    await refused('made by a newer program');
    const newer = new Sqlite(house.places.database);
    newer.pragma('journal_mode = DELETE');
    newer.exec(`INSERT INTO _schema_version (version) VALUES (${newestVersion + 1})`);
    newer.close();
    write([]);
    await refused('Update the program');
  });

  test('one that unpacks to more than any disk has', async () => {
    // A header that promises much, and a little of it: it is refused by what it says it needs.
    const huge = { ...piece('sessions/default/1/a'), header: { size: 2 ** 50 } };
    writeFileSync(house.file, gzipSync(tarOf([huge])));
    await refused(/can't be restored/);
  });

  test('a long header that would fill the memory', async () => {
    const pax = piece('x', Buffer.alloc(1_000_000, 'a'), { type: 'ExtendedHeader' });
    const raw = Buffer.concat([tarOf([pax]).subarray(0, 512), Buffer.alloc(1_000_448, 'a')]);
    writeFileSync(house.file, gzipSync(Buffer.concat([raw, tarOf([database()])])));
    await refused(/can't be restored/);
  });
});

describe('a restore that is ended in the middle', () => {
  /** The files as they are once the journal is written, and nothing is exchanged yet. */
  async function begun(): Promise<void> {
    await backUp(house);
    const changed = new Sqlite(house.places.database);
    changed.exec("UPDATE chat_messages SET content = 'changed'");
    changed.close();
    // It ends where the first exchange should be: there is something in the way.
    const aside = `${house.places.database}.before-restore-20260131T030001.000Z`;
    writeFileSync(aside, '');
    await expect(restore(house)).rejects.toThrow('was not finished');
    rmSync(aside);
    expect(existsSync(journalOf(house.places.database))).toBe(true);
  }

  test('is carried out by whoever opens the database next, from any step on', async () => {
    await begun();
    const journal = readFileSync(journalOf(house.places.database), 'utf8');
    const { exchanges } = JSON.parse(journal) as {
      exchanges: { target: string; staged: string | null; aside: string }[];
    };
    expect(exchanges.length).toBeGreaterThan(3);
    // One exchange was done whole, and of the next the first half.
    const [first, second] = exchanges;
    for (const { target, aside } of [first, second].flatMap((step) => (step ? [step] : []))) {
      mkdirSync(join(aside, '..'), { recursive: true });
      renameSync(target, aside);
    }
    if (first?.staged) renameSync(first.staged, first.target);
    expect(finishRestore(house.places.database)).toBe(true);
    expect(messagesIn(house.places.database)).toEqual(['hello']);
    expect(treeOf(house.places.sessions)).toMatchObject({ 'default/1/empty.txt': '' });
    expect(finishRestore(house.places.database)).toBe(false);
    // Once more from the start does nothing: what is in place is not put aside.
    writeFileSync(journalOf(house.places.database), journal);
    expect(finishRestore(house.places.database)).toBe(true);
    expect(messagesIn(house.places.database)).toEqual(['hello']);
  });

  test('what one left that had changed nothing is removed by the next', async () => {
    await backUp(house);
    const left = `${house.places.sessions}.restoring-20250101T000000.000Z`;
    mkdirSync(join(left, 'default'), { recursive: true });
    writeFileSync(`${house.places.database}.restoring-20250101T000000.000Z.check`, 'half');
    await restore(house);
    expect(readdirSync(house.home).filter((name) => name.includes('restoring'))).toEqual([]);
  });
});
