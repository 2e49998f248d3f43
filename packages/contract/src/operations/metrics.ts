import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { timestamp } from './cron-rows.ts';

const count = z.int().nonnegative();
const gigabytes = z.number().nonnegative().describe('In units of 2^30 bytes.');
const percent = z.number().min(0).max(100);
const dollars = z.number().nonnegative().describe('US dollars.');
const day = z.string().describe("YYYY-MM-DD, in the owner's time zone.");

export const CronFigures = z.object({
  id: z.int(),
  name: z.string(),
  cron_expression: z.string(),
  job_type: z.string(),
  enabled: z.boolean(),
  last_run_at: z.string().nullable(),
  last_result_preview: z.string().nullable().describe('The first 200 characters.'),
  timezone: z.string().nullable(),
  last_state: z.string().nullable().describe('How its last run ended, or that it goes on.'),
  next_run_at: timestamp.nullable().describe('Null: it will not run by itself.'),
});
export type CronFigures = z.infer<typeof CronFigures>;

export const MemoryFigures = z.object({
  count,
  categories: z.record(z.string(), count),
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
  items: z.array(z.object({ key: z.string(), content: z.string(), category: z.string() })),
});
export type MemoryFigures = z.infer<typeof MemoryFigures>;

export const ChatFigures = z.object({
  session_count: count,
  message_count: count,
  oldest_message: z.string().nullable(),
  newest_message: z.string().nullable(),
});
export type ChatFigures = z.infer<typeof ChatFigures>;

export const ModelUsage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_creation_tokens: count,
  requests: count,
  cost_usd: dollars
    .nullable()
    .describe('By the price table, all of its requests; null: its price is unknown.'),
});
export type ModelUsage = z.infer<typeof ModelUsage>;

export const UsageCost = z.object({
  own_usd: dollars.describe('Turns of this gateway, as Claude Code counts them.'),
  other_usd: dollars.describe('All other requests whose price is known, by the price table.'),
  total_usd: dollars.describe('Both together.'),
  unknown_models: z
    .array(z.string())
    .describe('Models whose price is unknown: what other requests of theirs cost is in no sum.'),
  price_fault: z
    .string()
    .nullable()
    .describe("What is wrong with the owner's price table; the built-in one counts then."),
});
export type UsageCost = z.infer<typeof UsageCost>;

export const DailyActivity = z.object({
  date: day,
  messages: count,
  sessions: count,
  requests: count,
  cost_usd: dollars.describe('As far as it is known.'),
  tokens: z
    .record(
      z.string(),
      ModelUsage.pick({
        input_tokens: true,
        output_tokens: true,
        cache_read_tokens: true,
        cache_creation_tokens: true,
      }),
    )
    .describe('By model.'),
});
export type DailyActivity = z.infer<typeof DailyActivity>;

export const ClaudeUsage = z.object({
  total_sessions: count,
  total_messages: count.describe('What was said to Claude, and what it answered.'),
  total_requests: count.describe('Calls of the model.'),
  first_session_date: day.nullable(),
  model_usage: z.record(z.string(), ModelUsage),
  daily_activity: z.array(DailyActivity).describe('Oldest first; days without any are left out.'),
  context_avg: count.describe('Tokens that a request sends, on average.'),
  context_max: count,
  cost: UsageCost,
  transcripts: z.object({
    files: count,
    broken_lines: count.describe('Lines that could not be read.'),
    unreadable: count.describe('Files that could not be read.'),
  }),
});
export type ClaudeUsage = z.infer<typeof ClaudeUsage>;

export const SystemFigures = z.object({
  hostname: z.string(),
  cpu: z.string().describe('The model.'),
  memory_total_gb: gigabytes,
  memory_used_gb: gigabytes,
  memory_free_gb: gigabytes.describe('What programs can still be given.'),
  cpu_usage_percent: percent,
  cpu_idle_percent: percent,
  load_avg: z.array(z.number()).length(3).describe('Over 1, 5 and 15 minutes.'),
  disk_total_gb: gigabytes.describe('Of the file system that the database is on.'),
  disk_used_gb: gigabytes,
  disk_free_gb: gigabytes,
  disk_used_percent: percent,
  uptime: z.string().describe('Such as "3 days, 4:05".'),
  cpu_cores: z
    .number()
    .positive()
    .describe('That programs may use: a container may have half of one.'),
});
export type SystemFigures = z.infer<typeof SystemFigures>;

export const TaskCounts = z.object({
  total: count,
  done: count,
  in_progress: count,
  blocked: count,
  pending: count,
});

export const HarnessJob = z.object({
  bot_id: z.string(),
  chat_id: z.string(),
  project_id: z.string(),
  cwd: z.string(),
  bg_status: z.string(),
  elapsed_seconds: z.int(),
  chain_depth: count,
  harness: TaskCounts.extend({
    project_name: z.string().nullable(),
    current_phase: z.string().nullable(),
    phases: z.record(z.string(), TaskCounts),
  }).nullable(),
});
export type HarnessJob = z.infer<typeof HarnessJob>;

export const ArchivedProject = z.object({
  uuid: z.string(),
  project_name: z.string(),
  bot_id: z.string(),
  chat_id: z.string(),
  original_cwd: z.string(),
  archived_at: z.string(),
  status: z.string(),
  tasks_done: z.number(),
  tasks_total: z.number(),
  tasks_blocked: z.number(),
});
export type ArchivedProject = z.infer<typeof ArchivedProject>;

export const HarnessFigures = z.object({
  running_jobs: z.array(HarnessJob),
  completed_jobs: z.array(HarnessJob),
  archived_count: count,
  archived_projects: z.array(ArchivedProject).describe('Newest first, at most 100.'),
});
export type HarnessFigures = z.infer<typeof HarnessFigures>;

export const Metrics = z.object({
  timestamp: z.string().describe('When they were collected: ISO 8601.'),
  cron_jobs: z.array(CronFigures),
  memory: MemoryFigures,
  chat: ChatFigures,
  claude_usage: ClaudeUsage,
  system: SystemFigures,
  harness: HarnessFigures,
});
export type Metrics = z.infer<typeof Metrics>;

export const getMetrics = defineOperation({
  id: 'getMetrics',
  method: 'GET',
  path: '/api/metrics',
  tag: 'metrics',
  access: 'owner',
  summary: 'How the machine, the gateway and Claude are, in figures',
  description: 'They are collected anew where the last ones are older than 30 seconds.',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: Metrics },
  errors: [],
  mcp: {
    name: 'get_metrics',
    title: 'See how the machine, the gateway and Claude are',
    description:
      "Figures of the machine, jobs, memories, chats, background tasks and Claude's usage, with what it cost by " +
      'model and by day. They are at most 30 seconds old.',
  },
});

export const refreshMetrics = defineOperation({
  id: 'refreshMetrics',
  method: 'POST',
  path: '/api/metrics/refresh',
  tag: 'metrics',
  access: 'owner',
  summary: 'Collect the metrics anew',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ status: z.literal('ok'), timestamp: z.string() }),
  },
  errors: [],
});

export const pushMetrics = defineOperation({
  id: 'pushMetrics',
  method: 'POST',
  path: '/api/metrics/push',
  tag: 'metrics',
  access: 'owner',
  summary: 'Send what is public of the metrics to the dashboard, now',
  description: 'Answers once it has arrived, or is given up.',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      pushed: z.boolean(),
      attempts: count,
      detail: z.string().describe('What became of it, and what to do.'),
    }),
  },
  errors: [],
});
