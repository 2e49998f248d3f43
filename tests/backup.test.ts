import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { scratchDirectory } from './support/gateway-process.ts';
import { startTestGateway, type TestGateway, testEnvironment } from './support/test-gateway.ts';

const run = promisify(execFile);
const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

let gateway: TestGateway;
let elsewhere: string;
beforeEach(async () => {
  gateway = await startTestGateway();
  elsewhere = scratchDirectory();
});
afterEach(async () => {
  await gateway.stop();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** The environment of a machine whose home is that directory. */
const environmentOf = (home: string): Record<string, string> =>
  testEnvironment(home, gateway.fake.url);

const mcb = (home: string, ...words: string[]) =>
  run(process.execPath, [program, ...words], { cwd: home, env: environmentOf(home) });

const send = (message: string) =>
  gateway.client.call(operations.sendMessage, { chat_id: '1', message });

/** What the model was told last. */
const lastRequest = (): string => JSON.stringify(gateway.fake.requests.at(-1)?.body);

test('a chat goes on where it was, after a backup made while it answers was restored', async () => {
  await send('Remember the word aubergine. [[bash:echo grown > plant.txt]] [[/]] [[text:Noted.]]');
  const slow = send('Another one [[slow:200]] [[text:one two three four]]');
  await eventually('the turn runs', async () => {
    const [session] = await gateway.client.call(operations.listSessions, {});
    return session?.state === 'busy';
  });
  const made = await gateway.client.call(operations.makeBackup, { work: true });
  expect(made).toMatchObject({ left_out: [], removed: [] });
  expect(await gateway.client.call(operations.listBackups, {})).toMatchObject([
    { name: made.name, bytes: made.bytes },
  ]);
  await slow;
  await gateway.restart({ DATABASE_PATH: join(elsewhere, 'empty.db') });
  for (const name of ['gateway.db', 'gateway.db-wal', 'gateway.db-shm', 'sessions', '.claude'])
    rmSync(join(gateway.home, name), { recursive: true, force: true });
  const { stdout } = await mcb(gateway.home, 'restore', made.name);
  expect(stdout).toContain('Restored');
  expect(stdout).toContain('1 turns and 0 deliveries were under way');
  await gateway.restart();
  await send('What was it? [[text:It was that.]]');
  expect(lastRequest()).toContain('aubergine');
  const plant = join(gateway.home, 'sessions', 'default', '1', 'plant.txt');
  expect(readFileSync(plant, 'utf8')).toBe('grown\n');
}, 120_000);

test('it goes on in another home, too', async () => {
  await send('Remember the word aubergine. [[text:Noted.]]');
  await mcb(gateway.home, 'backup', '--work', '-o', join(elsewhere, 'moved.tar.gz'));
  const moved = join(elsewhere, 'new home');
  mkdirSync(moved);
  await mcb(moved, 'restore', join(elsewhere, 'moved.tar.gz'));
  await gateway.restart(environmentOf(moved));
  await send('What was it? [[text:It was that.]]');
  expect(lastRequest()).toContain('aubergine');
}, 120_000);

test('a schedule makes a job of it, and the newest are kept', async () => {
  await gateway.restart({ BACKUP_SCHEDULE: '0 3 * * *', BACKUP_KEEP: '2' });
  const [job] = await gateway.client.call(operations.listCronJobs, {});
  expect(job).toMatchObject({ command: 'backup', cron_expression: '0 3 * * *' });
  if (job === undefined) return;
  for (let n = 1; n <= 3; n += 1) {
    await gateway.client.call(operations.runCronJob, { job_id: job.id });
    await eventually(`backup ${n} is made`, async () => {
      const runs = await gateway.client.call(operations.cronHistory, { job_id: job.id });
      return runs.filter(({ state }) => state === 'succeeded').length === n;
    });
  }
  expect(await gateway.client.call(operations.listBackups, {})).toHaveLength(2);
  // Another time is taken over; what the owner has set is not.
  await gateway.restart({ BACKUP_SCHEDULE: '0 4 * * *' });
  expect(await gateway.client.call(operations.listCronJobs, {})).toMatchObject([
    { id: job.id, cron_expression: '0 4 * * *' },
  ]);
  await gateway.client.call(operations.updateCronJob, {
    job_id: job.id,
    cron_expression: '@weekly',
  });
  await gateway.restart({ BACKUP_SCHEDULE: '0 5 * * *' });
  expect(await gateway.client.call(operations.listCronJobs, {})).toMatchObject([
    { id: job.id, cron_expression: '@weekly' },
  ]);
}, 120_000);

test('mistakes get one clear line', async () => {
  const fault = (...words: string[]) =>
    mcb(elsewhere, ...words).then(
      () => ({ code: 0, stderr: '' }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );
  expect(await fault('backup')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no database .*\n$/),
  });
  expect(await fault('restore', 'nowhere.tar.gz')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no file .*\n$/),
  });
  await mcb(gateway.home, 'backup', '-o', join(elsewhere, 'b.tar.gz'));
  const held = await mcb(gateway.home, 'restore', join(elsewhere, 'b.tar.gz')).catch(
    ({ stderr }: { stderr: string }) => stderr,
  );
  expect(held).toMatch(/^The database .* is in use by another gateway .*\n$/);
}, 60_000);

/** What a person sees of an installation: its messages, and its chats' files. */
function look(home: string): string {
  const database = new Sqlite(join(home, 'gateway.db'), { readonly: true });
  try {
    const messages = database
      .prepare('SELECT content FROM chat_messages ORDER BY id')
      .pluck()
      .all();
    const chats = readdirSync(join(home, 'sessions', 'default')).toSorted();
    return JSON.stringify([messages, chats]);
  } finally {
    database.close();
  }
}

test('whoever kills a backup or a restore at any moment has the old or the new, whole', async () => {
  for (const chat_id of ['1', '2'])
    await gateway.client.call(operations.sendMessage, {
      chat_id,
      message: `Hi ${chat_id} [[text:hi]] [[bash:head -c 3000000 /dev/urandom > big.bin]]`,
    });
  const env = environmentOf(gateway.home);
  await gateway.restart({ DATABASE_PATH: join(elsewhere, 'other.db') });
  await mcb(gateway.home, 'backup', '--work', '-o', join(elsewhere, 'b.tar.gz'));
  const backedUp = look(gateway.home);
  const changed = new Sqlite(join(gateway.home, 'gateway.db'));
  changed.exec(
    "INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', 'later')",
  );
  changed.close();
  mkdirSync(join(gateway.home, 'sessions', 'default', '3'));
  const present = look(gateway.home);
  const work = join(elsewhere, 'work');
  const killed = async (home: string, ms: number, ...words: string[]): Promise<void> => {
    const child: ChildProcess = spawn(process.execPath, [program, ...words], {
      cwd: home,
      env: { ...env, ...environmentOf(home) },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    setTimeout(() => child.kill('SIGKILL'), ms);
    await exited;
  };
  const seen = new Set<string>();
  for (const ms of [250, 400, 550, 700, 850, 1000, 1200, 3000]) {
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    for (const name of ['gateway.db', 'sessions', '.claude'])
      cpSync(join(gateway.home, name), join(work, name), { recursive: true });
    await killed(work, ms, 'backup', '--work');
    const backups = join(work, 'backups');
    for (const name of existsSync(backups) ? readdirSync(backups) : [])
      if (name.endsWith('.tar.gz')) await mcb(work, 'restore', name, '--dry-run');
    await killed(work, ms, 'restore', join(elsewhere, 'b.tar.gz'));
    // A gateway finishes what was begun; so does the next restore, of which only the check is made here.
    await gateway.restart(environmentOf(work));
    await gateway.restart({ DATABASE_PATH: join(elsewhere, 'other.db') });
    const now = look(work);
    expect([present, backedUp]).toContain(now);
    seen.add(now);
    await mcb(work, 'backup');
    expect(readdirSync(backups).filter((name) => name.includes('partial'))).toEqual([]);
  }
  // Some moments came before, and some after.
  expect(seen.size).toBe(2);
}, 240_000);
