import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@mini-claude-bot/client';
import { type CronRun, operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { testEnvironment } from './support/test-gateway.ts';

let home: string;
let gateway: GatewayProcess;
beforeEach(() => {
  home = scratchDirectory();
});
afterEach(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  for (const pid of await markedProcesses(home)) process.kill(pid, 'SIGKILL');
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const start = async (): Promise<string> => {
  const environment = { ...testEnvironment(home, 'http://127.0.0.1:9'), SHELL: '/bin/sh' };
  gateway = spawnGateway(environment, home);
  return gateway.url;
};
const call = async () => createClient({ baseUrl: await gateway.url });

test('killed at any moment, each occurrence is one row and ran at most once, and nothing is left over', async () => {
  await start();
  const make = async (command: string, more: object = {}): Promise<number> => {
    const job = { name: 'n', cron_expression: '* * * * * *', command, ...more };
    return (await (await call()).call(operations.createCronJob, job)).id;
  };
  // What a run does first is to note that it did: it is seen also of one that was killed.
  const note = 'echo "$CRON_SCHEDULED_AT" >> ran';
  const quick = await make(note, { overlap: 'parallel' });
  const slow = await make(`${note}; (setsid sleep 3600 >/dev/null 2>&1 &); sleep 0.7`);
  for (let round = 0; round < 8; round += 1) {
    // Somewhere within a second, another place each time.
    await sleep(900 + ((round * 377) % 1000));
    gateway.child.kill('SIGKILL');
    await gateway.exited;
    await start();
  }
  const client = await call();
  const rows = (job_id: number): Promise<CronRun[]> =>
    client.call(operations.cronHistory, { job_id, limit: 500 });
  for (const job_id of [quick, slow]) {
    await client.call(operations.pauseCronJob, { job_id });
    await eventually('nothing runs', async () =>
      (await rows(job_id)).every(({ state }) => state !== 'running' && state !== 'queued'),
    );
    const history = await rows(job_id);
    const times = history.map(({ scheduled_at }) => scheduled_at);
    expect(new Set(times).size).toBe(times.length);
    const ran = readFileSync(join(home, `sessions/.shell-jobs/${job_id}/ran`), 'utf8')
      .trim()
      .split('\n');
    expect(new Set(ran).size).toBe(ran.length);
    expect(ran.length).toBeGreaterThan(3);
    // Each that ran has its row, and each that has none or did not run says why.
    expect(times).toEqual(expect.arrayContaining(ran));
    for (const { state, why, attempt } of history) {
      expect(attempt).toBeLessThanOrEqual(1);
      if (state !== 'succeeded') expect(why).not.toBeNull();
    }
    // No second of the whole time is without a row.
    const seconds = times.map((time) => Date.parse(time ?? '') / 1000).toSorted((a, b) => a - b);
    for (const [n, second] of seconds.entries()) expect(second - (seconds[0] ?? 0)).toBe(n);
  }
  expect((await rows(slow)).some(({ state }) => state === 'interrupted')).toBe(true);
}, 120_000);

test('what a killed gateway left running is ended at the next start, and what a run left on purpose is not', async () => {
  await start();
  const make = async (command: string): Promise<number> => {
    const job = { name: 'n', cron_expression: '@yearly', command };
    return (await (await call()).call(operations.createCronJob, job)).id;
  };
  const left = await make('(setsid sleep 3601 >/dev/null 2>&1 &)');
  await (await call()).call(operations.runCronJob, { job_id: left });
  const hangs = await make('(setsid sleep 3602 >/dev/null 2>&1 &); sleep 3603');
  const input = { job_id: hangs, prefer: 'respond-async' };
  await (await call()).call(operations.runCronJob, input);
  await eventually('all are there', async () => (await markedProcesses(home)).length >= 4);
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  await start();
  expect(await markedProcesses(home)).toHaveLength(1);
  const [row] = await (await call()).call(operations.cronHistory, { job_id: hangs });
  expect(row).toMatchObject({ state: 'interrupted', success: 0 });
}, 60_000);
