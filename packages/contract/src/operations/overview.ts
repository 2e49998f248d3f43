import { z } from 'zod';
import { defineOperation } from '../operation.ts';

const unixSeconds = z.number().describe('Unix seconds.');

/** Something that its owner should look at. */
export const Attention = z.object({
  kind: z.enum([
    'not_logged_in',
    'failing_jobs',
    'dead_deliveries',
    'blocked_tasks',
    'failed_turns',
    'embeddings_down',
    'embeddings_behind',
    'memory_low',
    'disk_low',
  ]),
  level: z.enum(['problem', 'warning']),
  count: z.int().nullable().describe('How many; null: it can not be counted.'),
  words: z.string(),
  fix: z.string().describe('What to do.'),
});
export type Attention = z.infer<typeof Attention>;

export const getOverview = defineOperation({
  id: 'getOverview',
  method: 'GET',
  path: '/api/overview',
  tag: 'system',
  access: 'owner',
  summary: 'What needs attention, the worst first, and how busy the gateway is',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      attention: z.array(Attention),
      claude: z
        .enum(['logged_in', 'logged_out', 'unknown'])
        .describe('As it was found out at most a few minutes ago.'),
      slots_used: z.int(),
      slots_max: z.int(),
      processes: z.int().describe('Claude processes that live.'),
      started_at: unixSeconds,
      version: z.string(),
    }),
  },
  errors: [],
});

export const listProcesses = defineOperation({
  id: 'listProcesses',
  method: 'GET',
  path: '/api/gateway/processes',
  tag: 'gateway',
  access: 'owner',
  summary: 'Which Claude processes live, what they hold, and why others were closed lately',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      processes: z.array(
        z.object({
          bot_id: z.string(),
          chat_id: z.string(),
          lane: z.string(),
          pid: z.int().nullable(),
          busy: z.boolean(),
          memory_bytes: z.number(),
          started_at: unixSeconds,
          last_used_at: unixSeconds,
        }),
      ),
      closed: z
        .array(
          z.object({
            bot_id: z.string(),
            chat_id: z.string(),
            lane: z.string(),
            why: z
              .enum(['idle', 'surplus', 'memory', 'stopped', 'replaced', 'died', 'shutdown'])
              .describe(
                'surplus: more were idle than are kept. memory: they held too much, or the machine had too little ' +
                  'left. stopped: its chat or its turn was ended. died: by itself.',
              ),
            started_at: unixSeconds,
            closed_at: unixSeconds,
          }),
        )
        .describe('The last 50, newest first.'),
      max_idle: z.int().describe('More idle ones are not kept.'),
    }),
  },
  errors: [],
});

export const Setting = z.object({
  name: z.string(),
  value: z
    .string()
    .nullable()
    .describe('As it would be written in `.env`; null: unset, or hidden.'),
  source: z.enum(['default', 'file', 'environment']).describe('file: `.env`.'),
  secret: z.boolean().describe('Its value is never shown.'),
  set: z.boolean(),
  description: z.string(),
});
export type Setting = z.infer<typeof Setting>;

export const listSettings = defineOperation({
  id: 'listSettings',
  method: 'GET',
  path: '/api/settings',
  tag: 'system',
  access: 'owner',
  summary: 'The settings as they are in force, and where each comes from',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.array(Setting) },
  errors: [],
});

export const listBots = defineOperation({
  id: 'listBots',
  method: 'GET',
  path: '/api/bots',
  tag: 'system',
  access: 'owner',
  summary: 'The bots that have anything: chats, memories, jobs or tokens',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.array(
      z.object({ bot_id: z.string(), chats: z.int(), memories: z.int(), jobs: z.int() }),
    ),
  },
  errors: [],
});
