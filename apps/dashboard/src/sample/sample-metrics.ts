import type { PushedMetrics } from '@mini-claude-bot/contract';

const dayMs = 86_400_000;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** From 0 to less than 1, the same for the same number. */
export const wave = (n: number): number => {
  const value = Math.sin(n * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
};

const models = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'] as const;

const tokens = (size: number) => ({
  input_tokens: Math.round(size * 900),
  output_tokens: Math.round(size * 2_400),
  cache_read_tokens: Math.round(size * 60_000),
  cache_creation_tokens: Math.round(size * 7_000),
});

const usageOf = (size: number, cost: number) => ({
  ...tokens(size),
  requests: Math.round(size * 3),
  cost_usd: cost,
});

function days(nowMs: number): PushedMetrics['claude_usage']['daily_activity'] {
  return Array.from({ length: 371 }, (_, n) => ({ n, at: nowMs - (370 - n) * dayMs }))
    .filter(({ n }) => wave(n) > 0.18)
    .map(({ n, at }) => {
      const weekend = [0, 6].includes(new Date(at).getUTCDay()) ? 0.35 : 1;
      const messages = Math.round((20 + wave(n + 7) * 160 + n / 8) * weekend);
      return {
        date: dateOf(at),
        messages,
        sessions: 1 + Math.round(messages / 25),
        requests: messages * 3,
        cost_usd: Math.round(messages * 4) / 100,
        tokens: Object.fromEntries(models.map((model, m) => [model, tokens(messages / (m + 1))])),
      };
    });
}

const phase = (total: number, done: number) => ({
  total,
  done,
  in_progress: done < total && done > 0 ? 1 : 0,
  blocked: 0,
  pending: Math.max(0, total - done - (done > 0 && done < total ? 1 : 0)),
});

function harness(nowMs: number): PushedMetrics['harness'] {
  const job = {
    project_id: 'price-watch',
    bg_status: 'running',
    elapsed_seconds: 4_327,
    chain_depth: 6,
    harness: {
      ...phase(14, 9),
      project_name: 'Price watch',
      current_phase: 'Alerts',
      phases: {
        Design: phase(3, 3),
        Collector: phase(5, 5),
        Alerts: phase(4, 1),
        Docs: phase(2, 0),
      },
    },
  };
  return {
    running_jobs: [job],
    completed_jobs: [
      { ...job, project_id: 'travel-notes', bg_status: 'completed', harness: null },
      { ...job, project_id: 'logs', bg_status: 'failed', elapsed_seconds: 95, harness: null },
    ],
    archived_count: 12,
    archived_projects: ['Recipe book', 'Garden planner', 'Budget 2026'].map((project_name, n) => ({
      project_name,
      archived_at: new Date(nowMs - (n + 3) * 9 * dayMs).toISOString(),
      status: n === 2 ? 'stopped' : 'completed',
      tasks_done: 11 + n,
      tasks_total: n === 2 ? 18 : 11 + n,
      tasks_blocked: n === 2 ? 2 : 0,
    })),
  };
}

function jobs(nowMs: number): PushedMetrics['cron_jobs'] {
  const at = (minutes: number): string => new Date(nowMs + minutes * 60_000).toISOString();
  const rows = [
    ['Morning briefing', '30 7 * * *', 'claude', -310, 1130, 'succeeded', true],
    ['Push metrics to the dashboard', '*/5 * * * *', 'gateway', -1, 4, 'running', true],
    ['Nightly backup', '0 3 * * *', 'shell', -640, 800, 'succeeded', true],
    ['Water the plants', '0 18 * * 1,4', 'claude', -4_320, 1_500, 'failed', true],
    ['每周回顾', '0 20 * * 0', 'claude', -7_000, 3_080, 'succeeded', true],
    ['Old report', '0 9 1 * *', 'shell', -90_000, null, 'stopped', false],
  ] as const;
  return rows.map(([name, cron_expression, job_type, last, next, last_state, enabled], n) => ({
    id: n + 1,
    name,
    cron_expression,
    job_type,
    enabled,
    last_run_at: at(last),
    timezone: n === 0 ? 'Europe/Berlin' : null,
    last_state,
    next_run_at: next === null ? null : at(next),
  }));
}

/** What a gateway that is used every day would push after a year. */
export const sampleMetrics = (nowMs: number): PushedMetrics => ({
  timestamp: new Date(nowMs).toISOString(),
  cron_jobs: jobs(nowMs),
  memory: {
    count: 214,
    oldest: new Date(nowMs - 340 * dayMs).toISOString(),
    newest: new Date(nowMs - 7_200_000).toISOString(),
  },
  chat: {
    session_count: 37,
    message_count: 18_442,
    oldest_message: new Date(nowMs - 352 * dayMs).toISOString(),
    newest_message: new Date(nowMs - 180_000).toISOString(),
  },
  claude_usage: {
    total_sessions: 1_934,
    total_messages: 41_210,
    total_requests: 123_630,
    first_session_date: dateOf(nowMs - 370 * dayMs),
    model_usage: {
      'claude-opus-5-5': usageOf(30_000, 1_284.2),
      'claude-sonnet-5-5': usageOf(17_000, 402.71),
      'claude-haiku-5-5': usageOf(4_000, 21.9),
      'house-model-7b': { ...usageOf(900, 0), cost_usd: null },
    },
    daily_activity: days(nowMs),
    context_avg: 48_210,
    context_max: 187_432,
    cost: {
      own_usd: 1_402.11,
      other_usd: 306.7,
      total_usd: 1_708.81,
      unknown_models: ['house-model-7b'],
    },
  },
  system: {
    memory_total_gb: 31.2,
    memory_used_gb: 12.6,
    memory_free_gb: 18.6,
    cpu_usage_percent: 23.4,
    cpu_idle_percent: 76.6,
    load_avg: [1.12, 0.94, 0.81],
    disk_total_gb: 468,
    disk_used_gb: 201.3,
    disk_free_gb: 266.7,
    disk_used_percent: 43,
    uptime: '41 days, 7:12',
    cpu_cores: 8,
  },
  harness: harness(nowMs),
});
