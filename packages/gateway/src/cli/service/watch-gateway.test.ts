import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { holdDatabase } from '../../db/hold-database.ts';
import { type Verdict, watchGateway } from './watch-gateway.ts';

let home: string;
let server: Server;
let answers: { status: number; body: unknown }[];
let release = (): void => {};
let asked = 0;
let port = 0;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'mcb-watch-'));
  asked = 0;
  answers = [];
  server = createServer((_request, response) => {
    asked += 1;
    const { status, body } = answers.shift() ?? { status: 200, body: { status: 'ok' } };
    response.writeHead(status).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  release();
  release = () => {};
  server.close();
  rmSync(home, { recursive: true });
});

const day = 24 * 3600_000;
const database = () => join(home, 'gateway.db');

/** A gateway holds the database; asked for so long after it was started. */
function watch(sinceStartMs = day): Promise<Verdict> {
  const environment = { DATABASE_PATH: database(), PORT: String(port), HOST: '127.0.0.1' };
  const settings = { environment, config: loadConfig(environment) };
  return watchGateway(settings, {
    fetch,
    now: () => Date.now() + sinceStartMs,
    pause: async () => {},
  });
}

const hold = (): void => {
  release = holdDatabase(database());
  utimesSync(`${database()}.pid`, Date.now() / 1000, Date.now() / 1000);
};
const trouble = (restart_helps: boolean) => ({
  status: 503,
  body: {
    status: 'trouble',
    findings: [{ id: 'x', found: 'It is broken.', fix: 'Mend it.', restart_helps }],
  },
});

test('one that does not run is nobody’s to start again', async () => {
  expect(await watch()).toMatchObject({ state: 'not running' });
  expect(asked).toBe(0);
});

test('one that answers is well, also once it answers again, and where it asks for a token', async () => {
  hold();
  expect(await watch()).toMatchObject({ state: 'well' });
  answers = [{ status: 500, body: {} }, trouble(true)];
  expect(await watch()).toMatchObject({ state: 'well' });
  answers = [{ status: 401, body: {} }];
  expect(await watch()).toMatchObject({ state: 'well' });
});

test('one is stuck that stands still each time it is asked', async () => {
  hold();
  answers = [trouble(true), trouble(true), trouble(true)];
  expect(await watch()).toEqual({ state: 'stuck', words: 'It is broken. Mend it.' });
  expect(asked).toBe(3);
});

test('trouble that a new start can not mend is told, and left', async () => {
  hold();
  answers = [trouble(false)];
  expect(await watch()).toEqual({ state: 'trouble', words: 'It is broken. Mend it.' });
});

test('one that does not answer is stuck, unless it was just started', async () => {
  hold();
  server.close();
  expect(await watch()).toMatchObject({ state: 'stuck' });
  expect(await watch(0)).toMatchObject({ state: 'starting' });
});
