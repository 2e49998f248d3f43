import type { DashboardState } from '../store/dashboard-state.ts';
import { sampleMetrics, wave } from './sample-metrics.ts';

const dayMs = 86_400_000;

/** What the dashboard would have kept by now: a day of samples, 90 days of uptime with two bad ones. */
export function sampleState(nowMs: number): DashboardState {
  const minutes = Math.floor(nowMs / 60_000);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const today = Math.floor(nowMs / dayMs);
  return {
    metrics: sampleMetrics(nowMs),
    receivedAt: new Date(nowMs + 400).toISOString(),
    samples: Array.from({ length: 288 }, (_, n) => [
      minutes - (287 - n) * 5,
      round(16 + 9 * Math.sin(n / 40) + 7 * wave(n) + (wave(n + 5) > 0.93 ? 34 : 0)),
      round(40 + 6 * Math.sin(n / 50)),
      round(42.4 + n / 480),
    ]),
    uptime: {
      since: new Date(nowMs - 76 * dayMs).toISOString(),
      days: Object.fromEntries(
        Array.from({ length: 77 }, (_, n) => {
          const date = new Date((today - 76 + n) * dayMs).toISOString().slice(0, 10);
          return [date, n === 30 ? 61_000 : n === 52 ? 83_000 : 86_400];
        }),
      ),
    },
    leftOut: [],
  };
}
