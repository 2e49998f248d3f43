import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';
import { eventually, markedProcesses } from '../tests/support/processes.ts';
import type { ClaudeSettings } from './launch.ts';
import type { LiveSession } from './live-session.ts';
import { type SpareParts, SpareProcesses } from './spare-processes.ts';

let house: ClaudeHouse;
let spares: SpareProcesses;
let faults: unknown[];
let taken: LiveSession[];
const houses: ClaudeHouse[] = [];

beforeEach(async () => {
  house = await openClaudeHouse();
  houses.push(house);
  faults = [];
  taken = [];
});
afterEach(async () => {
  await spares.close();
  await Promise.all(taken.map((session) => session.close()));
});
afterAll(() => Promise.all(houses.map((each) => each.close())));

async function park(
  size: number,
  settings: Partial<ClaudeSettings> = {},
  parts: Partial<SpareParts> = {},
): Promise<void> {
  spares = new SpareProcesses({
    ...parts,
    settings: { ...house.settings, ...settings },
    size,
    newMarker: house.newMarker,
    now: Date.now,
    onFault: (error) => faults.push(error),
  });
  spares.fill();
  await spares.settled();
}

async function take(directory: string): Promise<LiveSession | undefined> {
  const session = await spares.take(directory);
  if (session !== undefined) taken.push(session);
  return session;
}

const alive = () => markedProcesses(house.prefix);

test('a spare serves in the directory that takes it, as a process started there would', async () => {
  const directory = await house.directory('mine');
  await writeFile(join(directory, 'CLAUDE.md'), 'The owner likes green tea.\n');
  await park(1);
  const [parked] = await alive();
  const session = await take(directory);
  expect(session?.pid).toBe(parked);
  expect(session && (await ask(session, '[[bash:pwd]] [[/]] [[result]]'))).toMatchObject({
    kind: 'completed',
    text: directory,
  });
  expect(JSON.stringify(house.fake.requests.at(-1)?.body)).toContain('The owner likes green tea.');
  expect(session && (await ask(session, '/clear'))).toMatchObject({ text: 'All right.' });
  expect(house.fake.requests.at(-1)?.conversation?.prompt).toBe('/clear');
  expect(faults).toEqual([]);
});

test('it works in the permission mode asked for, which one session may not widen', async () => {
  await park(1, { permissionMode: 'dontAsk' });
  const session = await take(await house.directory());
  const outcome = session && (await ask(session, '[[bash:touch no]] [[/]] [[result]]'));
  expect(outcome).toMatchObject({
    kind: 'completed',
    text: expect.stringMatching(/permission|denied/i),
  });
});

test('another is parked when one was taken', async () => {
  await park(1);
  const session = await take(await house.directory('one'));
  await spares.settled();
  expect(await alive()).toHaveLength(2);
  const next = await take(await house.directory('two'));
  expect(next?.pid).not.toBe(session?.pid);
  expect(next && (await ask(next, '[[history]]'))).toMatchObject({ text: '[]' });
});

test('takers at the same time get one each, and those too many none', async () => {
  await park(2);
  const directory = await house.directory();
  const sessions = await Promise.all([take(directory), take(directory), take(directory)]);
  const pids = sessions.flatMap((session) => session?.pid ?? []);
  expect(new Set(pids).size).toBe(2);
  expect(sessions.filter((session) => session === undefined)).toHaveLength(1);
});

test('a directory whose settings a spare cannot take is left to an ordinary start', async () => {
  const directory = await house.directory('own-settings');
  await mkdir(join(directory, '.claude'));
  await writeFile(join(directory, '.claude', 'settings.json'), '{"env":{"COLOUR":"green"}}');
  await park(1);
  const [parked] = await alive();
  expect(await take(directory)).toBeUndefined();
  expect(faults).toHaveLength(1);
  await spares.settled();
  expect(await alive()).not.toContain(parked);
});

test('a directory that is gone costs no spare', async () => {
  await park(1);
  await expect(take('/nowhere/at/all')).rejects.toMatchObject({ reason: 'directory_unusable' });
  expect(await take(await house.directory())).toBeDefined();
});

test('one that dies is replaced, and a claim of a dead one is left to an ordinary start', async () => {
  await park(1);
  const [first] = await alive();
  if (first !== undefined) process.kill(first, 'SIGKILL');
  const second = await eventually('another is there', async () =>
    (await alive()).find((pid) => pid !== first),
  );
  await spares.settled();
  const session = await take(await house.directory());
  expect(session?.pid).toBe(second);
});

test('a frozen one is ended, and the session left to an ordinary start', async () => {
  await park(1, {}, { claimLimitMs: 200 });
  const [frozen] = await alive();
  if (frozen !== undefined) process.kill(frozen, 'SIGSTOP');
  expect(await take(await house.directory())).toBeUndefined();
  expect(faults).toEqual([
    expect.objectContaining({ message: expect.stringContaining('did not answer') }),
  ]);
  expect(await alive()).not.toContain(frozen);
});

test('closing ends a spare that is just being taken, or is not up yet', async () => {
  await park(1);
  const taking = take(await house.directory());
  await spares.close();
  const session = await taking;
  await session?.close();
  expect(await alive()).toEqual([]);
});

test('a program that cannot be parked is tried once, and told', async () => {
  const executable = fileURLToPath(new URL('../tests/support/hostile-claude.mjs', import.meta.url));
  const environment = { ...house.settings.environment, HOSTILE: 'crash-at-start' };
  await park(2, { executable, environment });
  expect(faults).toHaveLength(2);
  expect(await take(await house.directory())).toBeUndefined();
  expect(await alive()).toEqual([]);
});

test('closing leaves nothing: no spare, none being parked, no parking directory', async () => {
  await park(1);
  const session = await take(await house.directory());
  await spares.close();
  expect(await alive()).toEqual([session?.pid]);
  expect(await readdir(join(house.home, '.claude', 'spares'))).toEqual([]);
  spares.fill();
  expect(await take(await house.directory())).toBeUndefined();
  expect(session && (await ask(session, '[[text:still here]]'))).toMatchObject({
    text: 'still here',
  });
});
