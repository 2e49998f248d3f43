import type { DashboardState } from '../store/dashboard-state.ts';
import type { UptimeDay } from './uptime-bars.tsx';

const dayMs = 86_400_000;

/** The days up to now, and how much of what is known of them the gateway was up. */
export function uptimeDays(
  { uptime, metrics }: Pick<DashboardState, 'uptime' | 'metrics'>,
  nowMs: number,
  staleMs: number,
  count = 90,
): {
  readonly days: readonly UptimeDay[];
  readonly overall: number | undefined;
  readonly known: number;
} {
  const sinceMs = Date.parse(uptime.since);
  const lastMs = Date.parse(metrics.timestamp);
  // What the next push will tell of is not known yet.
  const untilMs = nowMs - lastMs <= staleMs ? lastMs : nowMs;
  const today = Math.floor(nowMs / dayMs);
  let [up, all, known] = [0, 0, 0];
  const days = Array.from({ length: count }, (_, n) => {
    const beginMs = (today - count + 1 + n) * dayMs;
    const date = new Date(beginMs).toISOString().slice(0, 10);
    const ms = Math.min(beginMs + dayMs, untilMs) - Math.max(beginMs, sinceMs);
    if (ms <= 0) return { date, percent: undefined };
    const upMs = Math.min(ms, (uptime.days[date] ?? 0) * 1000);
    [up, all, known] = [up + upMs, all + ms, known + 1];
    return { date, percent: (100 * upMs) / ms };
  });
  return { days, overall: all === 0 ? undefined : (100 * up) / all, known };
}
