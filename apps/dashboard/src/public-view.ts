import type { DashboardState } from './store/dashboard-state.ts';

/** What `GET /api/metrics` answers. */
export const publicView = (state: DashboardState, staleMs: number) => ({
  metrics: state.metrics,
  received_at: state.receivedAt,
  stale_after_minutes: staleMs / 60_000,
  history: state.samples.map(([minutes, cpu, memory, disk]) => ({
    at: new Date(minutes * 60_000).toISOString(),
    cpu_usage_percent: cpu,
    memory_used_percent: memory,
    disk_used_percent: disk,
  })),
  uptime: { since: state.uptime.since, seconds_by_day: state.uptime.days },
  left_out: state.leftOut,
});

/** Another one after each push, as an ETag has it. */
export const versionOf = ({ metrics, receivedAt }: DashboardState): string =>
  `"${Date.parse(metrics.timestamp).toString(36)}-${Date.parse(receivedAt).toString(36)}"`;
