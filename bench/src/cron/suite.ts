import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CronRun } from '@mini-claude-bot/contract';
import { gatewayProgram } from '../gateway-program.ts';
import { GatewayProbe, withProbe } from '../load/gateway-probe.ts';
import { describeMachine } from '../machine.ts';
import type { SuiteOptions } from '../main.ts';
import { atMost, type Goal, type Measurement, measured, type Result } from '../result.ts';
import { openBenchPlace } from '../turns/bench-place.ts';
import { type BurstRun, runBurst } from './cron-run.ts';

const slots = 4;
const longestDelayMs = 20;

/** A thousand shell jobs that are due in the same second. */
export async function cron({ quick, gateway, say }: SuiteOptions): Promise<Result> {
  const startedAt = new Date();
  const directory = await mkdtemp(join(tmpdir(), 'mcb-probe-'));
  const file = join(directory, 'stretches');
  const place = await openBenchPlace(withProbe(await gatewayProgram(gateway), file));
  const machine = describeMachine(place.claudeVersion);
  try {
    const jobs = quick ? 100 : 1_000;
    const home = directory;
    const process = await place.gateway({ CRON_MAX_SHELL_RUNS: String(slots), HOME: home });
    const burst = await runBurst(jobs, process, new GatewayProbe(process.pid, file), home, say);
    return {
      suite: 'cron',
      quick,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine,
      measurements: measurementsOf(burst),
      goals: goalsOf(burst, jobs),
    };
  } finally {
    await place.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const begunMs = ({ started_at }: CronRun): number => Date.parse(started_at);
const endedMs = ({ finished_at }: CronRun): number => Date.parse(finished_at ?? '');

function measurementsOf({
  runs,
  dueMs,
  seconds,
  stretch,
  waitedForCoreMs,
}: BurstRun): Measurement[] {
  const first = Math.min(...runs.map(begunMs)) - dueMs;
  return [
    measured('cron.first', 'due until the first one begins', [first]),
    measured(
      'cron.ran',
      'a run, from begin to end',
      runs.map((run) => endedMs(run) - begunMs(run)),
    ),
    measured('cron.rate', 'runs a second', [runs.length / seconds], 'runs/s'),
    measured('cron.waited', 'waited for a core meanwhile, in all', [waitedForCoreMs]),
    {
      id: 'cron.blocked',
      label: 'event loop blocked by its own work',
      unit: 'ms',
      ...stretch.blocked,
    },
    { id: 'cron.loop', label: 'event-loop delay meanwhile', unit: 'ms', ...stretch.loop },
  ];
}

function goalsOf({ runs, stretch }: BurstRun, jobs: number): Goal[] {
  const succeeded = runs.filter(({ state }) => state === 'succeeded').length;
  const outOfOrder = runs.filter(
    (run, index) => index > 0 && begunMs(run) < begunMs(runs[index - 1] ?? run),
  ).length;
  const fault = (text: string, value: number): Goal =>
    atMost({ text, value, limit: 0, unit: 'faults' });
  return [
    atMost({
      text: 'event-loop delay, longest',
      value: stretch.loop.max,
      limit: longestDelayMs,
      unit: 'ms',
    }),
    fault(
      'jobs without exactly one run that succeeded',
      Math.abs(jobs - succeeded) + Math.abs(jobs - runs.length),
    ),
    fault('runs begun before one that came first', outOfOrder),
    fault('runs beyond the slots', Math.max(0, mostAtOnce(runs) - slots)),
  ];
}

/** How many ran at the same time at most. One that ends in a millisecond leaves its place in it. */
function mostAtOnce(runs: readonly CronRun[]): number {
  const changes = runs.flatMap((run) => [
    { ms: begunMs(run), by: 1 },
    { ms: endedMs(run), by: -1 },
  ]);
  let now = 0;
  let most = 0;
  for (const { by } of changes.toSorted((a, b) => a.ms - b.ms || a.by - b.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
