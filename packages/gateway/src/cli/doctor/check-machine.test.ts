import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { openDatabase } from '../../db/open-database.ts';
import { makeOldSystemFile } from '../../db/test-old-system.ts';
import { checkClock } from './check-clock.ts';
import { checkEnvFile } from './check-configuration.ts';
import { checkDashboard } from './check-dashboard.ts';
import { checkDisk } from './check-disk.ts';
import { checkOldInstalls } from './check-old-installs.ts';
import { checkPrivate } from './security/check-private.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'mcb-doctor-')));
});
afterEach(() => rmSync(home, { recursive: true }));

test('a disk with little room is a problem, also where the directory is not there yet', () => {
  const path = join(home, 'not', 'there');
  expect(checkDisk('It', path, 0)).toMatchObject({ state: 'ok' });
  expect(checkDisk('It', path, 1e12)).toMatchObject({ state: 'problem', id: 'disk' });
});

test('a clock is compared with a server, where one answers', async () => {
  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await checkClock(`${url}/x`, Date.now)).toMatchObject({ found: 'The clock is right.' });
  expect(await checkClock(url, () => Date.now() + 3600_000)).toMatchObject({
    state: 'warning',
    found: expect.stringMatching(/36\d\d s ahead of/),
  });
  const env = { DASHBOARD_PUSH_URL: url, METRICS_SECRET: 'secret-canary' };
  expect(await checkDashboard(loadConfig(env))).toMatchObject([{ state: 'ok' }]);
  await new Promise((resolve) => server.close(resolve));
  expect(await checkClock(url, Date.now)).toMatchObject({ state: 'ok' });
  expect(await checkDashboard(loadConfig(env))).toMatchObject([{ state: 'warning' }]);
  expect(await checkDashboard(loadConfig({ DASHBOARD_PUSH_URL: url }))).toMatchObject([
    { state: 'problem' },
  ]);
  expect(await checkDashboard(loadConfig({}))).toEqual([]);
});

test('databases of the old system are found, and no others', () => {
  mkdirSync(join(home, 'bots', 'old'), { recursive: true });
  const old = join(home, 'bots', 'old', 'bot.db');
  makeOldSystemFile(old);
  openDatabase(join(home, 'new.db')).close();
  writeFileSync(join(home, 'songs.db'), 'none');
  expect(checkOldInstalls(home, join(home, 'new.db'))).toMatchObject([
    { id: 'old_install', found: expect.stringContaining(old) },
  ]);
  expect(checkOldInstalls(home, old)).toEqual([]);
});

test('rights of files can be mended at once; a key that others could read is not closed in silence', () => {
  const path = join(home, '.env');
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  checkEnvFile(path, statSync(path).mode).mend?.();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const user = process.getuid?.() ?? 0;
  const open = (more?: string) => {
    chmodSync(path, 0o644);
    return checkPrivate([{ path, what: 'It', ...(more === undefined ? {} : { more }) }], user)[0];
  };
  expect(open(' (and more)')?.mend).toBeUndefined();
  open()?.mend?.();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
