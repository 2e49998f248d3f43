import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@mini-claude-bot/client';
import { type CronRun, operations } from '@mini-claude-bot/contract';
import type { GatewayProcess } from '../gateway-process.ts';
import type { GatewayProbe, Stretch } from '../load/gateway-probe.ts';
import { waitedForCoreMs } from '../process-figures.ts';

/** From when the jobs are asked for until they are due: they are made meanwhile. */
const aheadMs = 20_000;
const lookAgainMs = 100;
const stalledAfterMs = 60_000;
const madeAtATime = 8;

/** What a run brought to light. */
export interface BurstRun {
  /** In the order in which their jobs were made, which is the order in which they are due. */
  readonly runs: readonly CronRun[];
  readonly dueMs: number;
  /** From when they were due until the last one had ended. */
  readonly seconds: number;
  readonly stretch: Stretch;
  /** How long the gateway's main thread was ready to run meanwhile, and had no core. */
  readonly waitedForCoreMs: number;
}

/** So many jobs, all due in the same second; each writes a line. Nobody asks the gateway anything meanwhile. */
export async function runBurst(
  jobs: number,
  { url, pid }: GatewayProcess,
  probe: GatewayProbe,
  home: string,
  say: (line: string) => void,
): Promise<BurstRun> {
  const client = createClient({ baseUrl: url });
  const dueMs = Math.ceil((Date.now() + aheadMs) / 1000) * 1000;
  const ids = await makeJobs(jobs, dueMs, client);
  const leftMs = dueMs - 500 - Date.now();
  if (leftMs < 0) throw new Error('the jobs were not made in time');
  say(`${jobs} jobs, due in ${Math.round(leftMs / 1000)} s`);
  await sleep(leftMs);
  await probe.ask();
  const waitedBefore = await waitedForCoreMs(pid);
  await allRan(jobs, join(home, 'ran'));
  const seconds = (Date.now() - dueMs) / 1000;
  const stretch = await probe.ask();
  const waited = (await waitedForCoreMs(pid)) - waitedBefore;
  // The last of them may have written its line, and not ended.
  await sleep(1_000);
  const runs: CronRun[] = [];
  for (const job_id of ids) runs.push(...(await client.call(operations.cronHistory, { job_id })));
  return { runs, dueMs, seconds, stretch, waitedForCoreMs: waited };
}

async function makeJobs(jobs: number, dueMs: number, client: Client) {
  const job = {
    name: 'burst',
    cron_expression: `@at ${new Date(dueMs).toISOString()}`,
    command: 'echo ran >> ~/ran',
  };
  const ids = [];
  for (let made = 0; made < jobs; made += madeAtATime) {
    const some = Array.from({ length: Math.min(madeAtATime, jobs - made) }, () =>
      client.call(operations.createCronJob, job),
    );
    ids.push(...(await Promise.all(some)).map(({ id }) => id));
  }
  return ids.toSorted((a, b) => a - b);
}

async function allRan(jobs: number, file: string): Promise<void> {
  let seen = 0;
  for (let at = performance.now(); performance.now() - at < stalledAfterMs; ) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1;
    if (lines >= jobs) return;
    if (lines > seen) at = performance.now();
    seen = lines;
    await sleep(lookAgainMs);
  }
  throw new Error(`only ${seen} of ${jobs} jobs ran`);
}
