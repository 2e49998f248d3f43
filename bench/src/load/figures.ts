import { type Measurement, measured } from '../result.ts';
import type { Lateness } from './gateway-probe.ts';
import type { LoadRun } from './load-run.ts';
import type { Quarter } from './watch.ts';

const mebibyte = 2 ** 20;

export function measurementsOf({ chats, quarters, seconds }: LoadRun): Measurement[] {
  const turns = chats.flatMap(({ stored }) => stored.turns);
  const taken = chats.flatMap(({ heard }) => heard.flatMap(({ takenMs }) => takenMs ?? []));
  const between = (from: number | null, to: number | null): number[] =>
    from === null || to === null ? [] : [(to - from) * 1000];
  const waited = turns.flatMap(({ queued_at, started_at }) => between(queued_at, started_at));
  const ran = turns.flatMap(({ started_at, finished_at }) => between(started_at, finished_at));
  return [
    measured('load.rate', 'turns a second', [turns.length / seconds], 'turns/s'),
    measured('load.taken', 'sent until taken', taken),
    measured('load.waited', 'taken until begun', waited),
    measured('load.ran', 'begun until ended', ran),
    ...quarters.flatMap(ofQuarter),
  ];
}

function ofQuarter(quarter: Quarter, index: number): Measurement[] {
  const { loop, blocked, residentMiB, waitedForCoreMs, seconds } = quarter;
  const id = `load.q${index + 1}`;
  const label = `quarter ${index + 1}`;
  const starved = waitedForCoreMs / (10 * seconds);
  const late = (what: string, { p999, ...delay }: Lateness): Measurement[] => [
    { id: `${id}.${what}`, label: `${label}: event loop ${what}`, unit: 'ms', ...delay },
    measured(`${id}.${what}999`, `${label}: event loop ${what}, p99.9`, [p999]),
  ];
  return [
    ...late('blocked', blocked),
    ...late('delayed', loop),
    measured(`${id}.starved`, `${label}: event loop ready, no core free`, [starved], '%'),
    measured(
      `${id}.held`,
      `${label}: memory held, collected`,
      [quarter.heldBytes / mebibyte],
      'MiB',
    ),
    measured(`${id}.resident`, `${label}: resident memory`, residentMiB, 'MiB'),
  ];
}
