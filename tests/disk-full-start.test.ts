import { openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeOldSystemFile } from '../packages/gateway/src/db/test-old-system.ts';
import { markedProcesses } from './support/claude-processes.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from './support/small-disk.ts';
import { openStream } from './support/stream.ts';
import { testEnvironment } from './support/test-gateway.ts';

const why = whyNoSmallDisk();
const where = why === undefined ? '' : ` (${why})`;

describe.skipIf(why !== undefined)(`the program on a full disk${where}`, () => {
  let disk: SmallDisk;
  let home: string;
  let fake: FakeAnthropic;
  const started: GatewayProcess[] = [];
  beforeEach(async () => {
    disk = mountSmallDisk();
    home = scratchDirectory();
    fake = await startFakeAnthropic();
  });
  afterEach(async () => {
    for (const { child, exited } of started.splice(0)) {
      child.kill('SIGKILL');
      await exited;
    }
    for (const pid of await markedProcesses(home)) process.kill(pid, 'SIGKILL');
    await fake.close();
    disk.unmount();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  const databaseFile = (): string => join(disk.path, 'gateway.db');

  function start(env: Record<string, string> = {}, output: 'pipe' | number = 'pipe') {
    const environment = {
      ...testEnvironment(home, fake.url),
      DATABASE_PATH: databaseFile(),
      GATEWAY_SESSION_DIR: join(disk.path, 'sessions'),
      ...env,
    };
    const gateway = spawnGateway(environment, home, output);
    started.push(gateway);
    return gateway;
  }

  const send = async (url: string, message: string) =>
    (await createClient({ baseUrl: url }).call(operations.sendMessage, { chat_id: '1', message }))
      .response;

  /** It ended as a program does that could not start, and said why in one line. */
  async function expectRefused(gateway: GatewayProcess): Promise<void> {
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
    expect(gateway.stderr()).toMatch(/^[^\n]*\bdisk is full\b[^\n]*\n$/);
    expect(gateway.stderr()).toContain(databaseFile());
    expect(gateway.stdout()).toBe('');
  }

  test('a file of the old system that can not be copied first is left as it is', async () => {
    makeOldSystemFile(databaseFile());
    disk.fill();
    const before = readFileSync(databaseFile());
    await expectRefused(start());
    expect(readFileSync(databaseFile()).equals(before)).toBe(true);
    // Half a copy would be taken for a whole one some day.
    expect(readdirSync(disk.path).filter((name) => name.endsWith('.bak'))).toEqual([]);

    disk.makeRoom();
    expect(await send(await start().url, '[[text:hello]]')).toBe('hello');
    expect(readdirSync(disk.path).filter((name) => name.endsWith('.bak'))).toHaveLength(1);
  });

  test('with an interrupted turn to tell it waits for room, and tells it then', async () => {
    const first = start();
    const stream = await openStream(await first.url, {
      chat_id: '1',
      message: 'Tea. [[text:Half]] [[hang-mid]]',
    });
    for await (const event of stream.events()) if (event.type === 'text') break;
    // Its last commits are in the write-ahead log alone.
    first.child.kill('SIGKILL');
    await first.exited;
    disk.fill();
    await expectRefused(start());
    disk.makeRoom();
    const url = await start().url;
    const rows = await createClient({ baseUrl: url }).call(operations.getChatSession, {
      session_id: 'gw-default-1',
    });
    expect(rows.map(({ role, source }) => `${role} ${source}`)).toEqual([
      'user telegram',
      'assistant error',
    ]);
    expect(await send(url, '[[history]]')).toContain('Tea.');
  });

  test('a new file is not left half made', async () => {
    disk.fill();
    await expectRefused(start());
    disk.makeRoom();
    expect(await send(await start().url, '[[text:hello]]')).toBe('hello');
  });

  test('it lives on, though its log can not be written either and its readers go away', async () => {
    const log = openSync(join(disk.path, 'gateway.log'), 'a');
    const gateway = start({ LOG_LEVEL: 'trace' }, log);
    const url = await gateway.url;
    const stream = await openStream(url, {
      chat_id: '1',
      message: '[[slow:30]] [[words:30]] tail',
    });
    for await (const event of stream.events()) if (event.type === 'text') break;
    disk.fill();
    stream.leave();
    const body = JSON.stringify({ session_id: 'notes', role: 'user', content: 'x'.repeat(9_000) });
    for (let n = 0; n < 20; n += 1) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/api/chat/messages`, { method: 'POST', headers, body });
      expect(answer.status).toBe(503);
    }
    disk.makeRoom();
    // The one that asks again joins the turn whose reader was lost: it is not run twice.
    expect((await send(url, '[[slow:30]] [[words:30]] tail')).split(' ')).toHaveLength(30);
    const turns = await createClient({ baseUrl: url }).call(operations.listTurns, {});
    expect(turns).toHaveLength(1);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    const database = new Sqlite(databaseFile(), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  });
});
