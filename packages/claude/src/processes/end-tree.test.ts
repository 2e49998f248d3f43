import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { eventually, isRunning, markedProcesses } from '../../tests/support/processes.ts';
import { markerVariable } from '../environment.ts';
import { endTree } from './end-tree.ts';
import { listProcesses } from './process-list.ts';

/** A shell command under a marker of its own, once so many processes carry it. */
async function started(command: string, count: number) {
  const marker = `test-${randomUUID()}`;
  const child = spawn('/bin/sh', ['-c', command], {
    env: { PATH: process.env.PATH, [markerVariable]: marker },
    stdio: 'ignore',
    detached: true,
  });
  const exited = once(child, 'exit');
  await eventually('it is up', async () => (await markedProcesses(marker)).length >= count);
  return { marker, pid: child.pid ?? 0, exited };
}

test('ends children, sessions and daemons, also those that ignore signals, and says how many', async () => {
  const { marker, exited } = await started(
    "trap '' TERM INT HUP; sleep 600 & setsid sleep 600 & (setsid sleep 600 &) ; wait",
    4,
  );
  expect(await endTree((found) => found === marker)).toBe(4);
  await exited;
  expect(await markedProcesses(marker)).toEqual([]);
  expect(await endTree((found) => found === marker)).toBe(0);
});

test('ends what has cleared its environment, where its parent is known', async () => {
  const { pid, marker, exited } = await started('env -i sleep 600 & sleep 600 & wait', 2);
  const clean = await eventually('the clean one is up', async () =>
    (await listProcesses()).find((entry) => entry.parent === pid && entry.marker === undefined),
  );
  await endTree(() => false, { pid, alive: true });
  await exited;
  expect(await isRunning(clean.pid)).toBe(false);
  expect(await markedProcesses(marker)).toEqual([]);
});

// Elsewhere the system does not tell sessions.
test.runIf(process.platform === 'linux')(
  'ends what has cleared its environment and lost its parent, where its session is known',
  async () => {
    const { pid, exited } = await started('env -i sleep 600 & exec sleep 600', 1);
    const clean = await eventually('the clean one is up', async () =>
      (await listProcesses()).find((entry) => entry.parent === pid && entry.marker === undefined),
    );
    process.kill(pid, 'SIGKILL');
    await exited;
    await endTree(() => false, { pid, alive: false });
    expect(await isRunning(clean.pid)).toBe(false);
  },
);

test('leaves others alone', async () => {
  const kept = await started('exec sleep 600', 1);
  const ended = await started('exec sleep 600', 1);
  expect(await endTree((found) => found === ended.marker)).toBe(1);
  expect(await isRunning(kept.pid)).toBe(true);
  await endTree((found) => found === kept.marker);
  await Promise.all([kept.exited, ended.exited]);
});

test('a process names its parent and its marker', async () => {
  const { pid, marker, exited } = await started('exec sleep 600', 1);
  const entry = (await listProcesses()).find((found) => found.pid === pid);
  expect(entry).toMatchObject({ pid, parent: process.pid, marker });
  await endTree((found) => found === marker);
  await exited;
});
