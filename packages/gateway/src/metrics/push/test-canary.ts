import { Metrics } from '@mini-claude-bot/contract';

const counts = { total: 3, done: 1, in_progress: 1, blocked: 0, pending: 1 };

const job = {
  bot_id: 'canary-bot-id',
  chat_id: 'canary-chat-id',
  project_id: 'canary-name-of-job',
  cwd: '/home/canary-path',
  bg_status: 'canary-state',
  elapsed_seconds: 5,
  chain_depth: 1,
  harness: {
    ...counts,
    project_name: 'canary-name-of-project',
    current_phase: 'canary-name-of-phase',
    phases: { 'canary-name-of-phase': counts },
  },
};

const tokens = {
  input_tokens: 1,
  output_tokens: 2,
  cache_read_tokens: 3,
  cache_creation_tokens: 4,
};

/** Metrics with a word of its own in every text, by which it is known again. */
export const canaryMetrics = (): Metrics =>
  Metrics.parse({
    timestamp: '2026-11-27T12:00:00.000Z',
    cron_jobs: [
      {
        id: 1,
        name: 'canary-name-of-job',
        cron_expression: '*/5 * * * *',
        job_type: 'canary-state',
        enabled: true,
        last_run_at: 'canary-time',
        last_result_preview: 'canary-cron-result',
        timezone: 'Europe/Berlin',
        last_state: 'canary-state',
        next_run_at: 'canary-time',
      },
    ],
    memory: {
      count: 1,
      categories: { 'canary-memory-category': 1 },
      oldest: 'canary-time',
      newest: 'canary-time',
      items: [
        {
          key: 'canary-memory-key',
          content: 'canary-memory-content',
          category: 'canary-memory-category',
        },
      ],
    },
    chat: {
      session_count: 1,
      message_count: 2,
      oldest_message: 'canary-time',
      newest_message: 'canary-time',
    },
    claude_usage: {
      total_sessions: 1,
      total_messages: 2,
      total_requests: 1,
      first_session_date: '2026-11-27',
      model_usage: { 'canary-name-of-model': { ...tokens, requests: 1, cost_usd: 0.5 } },
      daily_activity: [
        {
          date: '2026-11-27',
          messages: 2,
          sessions: 1,
          requests: 1,
          cost_usd: 0.5,
          tokens: { 'canary-name-of-model': tokens },
        },
      ],
      context_avg: 8,
      context_max: 8,
      cost: {
        own_usd: 0.5,
        other_usd: 0,
        total_usd: 0.5,
        unknown_models: ['canary-name-of-model'],
        price_fault: 'canary-price-fault',
      },
      transcripts: { files: 1, broken_lines: 0, unreadable: 0 },
    },
    system: {
      hostname: 'canary-hostname',
      cpu: 'canary-cpu',
      memory_total_gb: 16,
      memory_used_gb: 10,
      memory_free_gb: 6,
      cpu_usage_percent: 25,
      cpu_idle_percent: 75,
      cpu_cores: 8,
      load_avg: [1, 2, 3],
      disk_total_gb: 100,
      disk_used_gb: 50,
      disk_free_gb: 50,
      disk_used_percent: 50,
      uptime: '3 days, 4:05',
    },
    harness: {
      running_jobs: [job],
      completed_jobs: [job],
      archived_count: 1,
      archived_projects: [
        {
          uuid: 'canary-uuid',
          project_name: 'canary-name-of-project',
          bot_id: 'canary-bot-id',
          chat_id: 'canary-chat-id',
          original_cwd: 'canary-path',
          archived_at: 'canary-time',
          status: 'canary-state',
          tasks_done: 1,
          tasks_total: 1,
          tasks_blocked: 0,
        },
      ],
    },
  });
