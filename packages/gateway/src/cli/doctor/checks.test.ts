import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdDatabase } from '../../db/hold-database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { checkConfiguration, checkEnvFile } from './check-configuration.ts';
import { checkDatabase, databaseHolder } from './check-database.ts';
import { checkDirectory } from './check-directory.ts';
import { checkNode } from './check-node.ts';
import { checkPort } from './check-port.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-doctor-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('Node.js', () => {
  test.each([
    ['20.19.0', 'ok'],
    ['24.0.0', 'ok'],
    ['20.18.3', 'problem'],
    ['18.20.0', 'problem'],
  ])('%s is %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });
});

describe('the configuration', () => {
  test('is valid', () => {
    expect(checkConfiguration({ PORT: '9000' })).toMatchObject({
      config: { PORT: 9000 },
      findings: [{ state: 'ok' }],
    });
  });

  test('each bad value is a problem, and the others are kept', () => {
    const { config, findings } = checkConfiguration({
      PORT: 'x',
      LOG_LEVEL: 'loud',
      GATEWAY_QUEUE_MAX: '7',
    });
    expect(findings.map(({ state, found }) => [state, found.split(':')[0]])).toEqual([
      ['problem', 'PORT'],
      ['problem', 'LOG_LEVEL'],
    ]);
    expect(config).toMatchObject({ PORT: 8000, GATEWAY_QUEUE_MAX: 7 });
  });

  test('an address that others can reach is a problem', () => {
    expect(checkConfiguration({ HOST: '0.0.0.0' }).findings).toMatchObject([{ state: 'problem' }]);
  });

  test.each([
    [undefined, 'ok'],
    [0o100600, 'ok'],
    [0o100640, 'warning'],
    [0o100644, 'warning'],
  ])('a .env file of mode %o is %s', (mode, state) => {
    expect(checkEnvFile('/x/.env', mode).state).toBe(state);
  });
});

describe('a directory', () => {
  const check = (path: string) =>
    checkDirectory({ id: 'it', path, what: 'The directory', variable: 'THE_DIR' });

  test('that is there, or can be made, is well, and nothing is left in it', async () => {
    expect((await check(home)).state).toBe('ok');
    expect(await check(join(home, 'a/b'))).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('made when'),
    });
    expect(readdirSync(home)).toEqual([]);
  });

  test('whose place is taken by a file is a problem', async () => {
    writeFileSync(join(home, 'file'), '');
    expect(await check(join(home, 'file'))).toMatchObject({ state: 'problem' });
    const below = await check(join(home, 'file', 'below'));
    expect(below).toMatchObject({ state: 'problem', fix: expect.stringContaining('THE_DIR') });
  });

  test('that may not be written to is a problem', async () => {
    // Nobody can make a directory there, root included; on macOS there is no such place, but rights count.
    const closed = process.platform === 'linux' ? '/proc/none' : join(home, 'closed');
    if (process.platform !== 'linux') {
      mkdirSync(closed);
      chmodSync(closed, 0o500);
    }
    expect((await check(closed)).state).toBe('problem');
  });
});

describe('the database', () => {
  const file = (): string => join(home, 'gateway.db');

  test('is made later, or is one of ours', () => {
    expect(checkDatabase(file()).state).toBe('ok');
    expect(readdirSync(home)).toEqual([]);
    openDatabase(file()).close();
    expect(checkDatabase(file()).state).toBe('ok');
  });

  test('that is none, or another program’s, or newer, is a problem', () => {
    writeFileSync(file(), 'This is no database at all, but it is long enough.');
    expect(checkDatabase(file())).toMatchObject({ state: 'problem', fix: expect.any(String) });
    const foreign = join(home, 'foreign.db');
    new Sqlite(foreign).exec('CREATE TABLE theirs (x)').close();
    expect(checkDatabase(foreign).state).toBe('problem');
    const newer = join(home, 'newer.db');
    const database = openDatabase(newer);
    database.exec('INSERT INTO _schema_version (version) VALUES (9999)');
    database.close();
    expect(checkDatabase(newer).state).toBe('problem');
  });

  test('is held by the process that has it, and by nobody afterwards', () => {
    expect(databaseHolder(file())).toBeUndefined();
    const release = holdDatabase(file());
    expect(databaseHolder(file())).toBe(String(process.pid));
    release();
    expect(databaseHolder(file())).toBeUndefined();
  });
});

describe('the port', () => {
  const stranger = async (): Promise<{ server: Server; port: number }> => {
    const server = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { server, port: address.port };
  };
  const situation = { host: '127.0.0.1', databasePath: '/x/gateway.db', holder: undefined };

  test('is in use by another program, then free', async () => {
    const { server, port } = await stranger();
    expect(await checkPort({ ...situation, port })).toMatchObject([{ state: 'problem' }]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await checkPort({ ...situation, port })).toMatchObject([{ state: 'ok' }]);
  });

  test('is free, but a gateway that can’t be reached there holds the database', async () => {
    expect(await checkPort({ ...situation, port: 0, holder: '4711' })).toMatchObject([
      { state: 'ok' },
      { id: 'database_holder', state: 'warning', found: expect.stringContaining('4711') },
    ]);
  });

  test('of an address that is not this machine’s is a problem', async () => {
    const elsewhere = { ...situation, host: '192.0.2.1', port: 8000 };
    expect(await checkPort(elsewhere)).toMatchObject([{ state: 'problem' }]);
  });
});
