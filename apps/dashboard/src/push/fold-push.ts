import type { PushedMetrics } from '@mini-claude-bot/contract';
import type { DashboardState, Sample, Uptime } from '../store/dashboard-state.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const historyMinutes = 24 * 60;
/** Pushes that are nearer to each other become one sample. */
const sampleMinutes = 4;
const uptimeDays = 90;

/**
 * What is to be kept after a push.
 * @param staleMs what is longer than this between two pushes is a time when the gateway was not up
 */
export function foldPush(
  before: DashboardState | undefined,
  metrics: PushedMetrics,
  nowMs: number,
  staleMs: number,
): DashboardState {
  return {
    metrics,
    receivedAt: new Date(nowMs).toISOString(),
    samples: withSample(before?.samples ?? [], sampleOf(metrics)),
    uptime: withUptime(before, metrics.timestamp, staleMs),
    leftOut: [],
  };
}

function sampleOf({ timestamp, system }: PushedMetrics): Sample {
  const { memory_used_gb: used, memory_total_gb: total } = system;
  const memory = total === 0 ? 0 : Math.min(100, (100 * used) / total);
  return [
    Math.floor(Date.parse(timestamp) / minuteMs),
    tenths(system.cpu_usage_percent),
    tenths(memory),
    tenths(system.disk_used_percent),
  ];
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const kept = samples.filter(([at]) => at > sample[0] - historyMinutes && at < sample[0]);
  const [last, lastButOne] = [kept.at(-1), kept.at(-2)];
  // The newest is always there; it stays when another comes, where it is far enough from the one before it.
  const passing =
    last !== undefined && lastButOne !== undefined && last[0] - lastButOne[0] < sampleMinutes;
  return [...(passing ? kept.slice(0, -1) : kept), sample];
}

function withUptime(
  before: DashboardState | undefined,
  timestamp: string,
  staleMs: number,
): Uptime {
  if (before === undefined) return { since: timestamp, days: { [dateOf(timestamp)]: 0 } };
  const [from, to] = [Date.parse(before.metrics.timestamp), Date.parse(timestamp)];
  const days = new Map(Object.entries(before.uptime.days));
  if (to - from <= staleMs) {
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / dayMs) + 1) * dayMs);
      const date = dateOf(at);
      days.set(date, Math.min(86_400, (days.get(date) ?? 0) + Math.round((end - at) / 1000)));
      at = end;
    }
  }
  const oldest = dateOf(to - (uptimeDays - 1) * dayMs);
  const kept = [...days]
    .filter(([date]) => date >= oldest)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { since: before.uptime.since, days: Object.fromEntries(kept) };
}

const dateOf = (time: number | string): string => new Date(time).toISOString().slice(0, 10);
