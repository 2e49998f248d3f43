import { z } from 'zod';
import { ErrorCode } from '../errors.ts';
import { BotId, ChatId, defaultBotId, TaskId, TurnId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText, utf8Length } from '../text.ts';
import { TaskState } from './task-state.ts';
import { TurnState } from './turns.ts';

const chat = { chat_id: ChatId, bot_id: BotId.default(defaultBotId) };
const seconds = z.number().describe('Unix seconds.');
const wholeSeconds = z.int().nonnegative().describe('Whole seconds.');

const projectId = plainText
  .refine((id) => utf8Length(id) <= 255, { error: 'must be at most 255 bytes in UTF-8' })
  .describe('A chat can have one task at a time for each project.');

const counts = {
  total: z.int(),
  done: z.int(),
  in_progress: z.int(),
  blocked: z.int(),
  pending: z.int(),
};

export const HarnessSummary = z.object({
  project_name: z.string(),
  current_phase: z.string(),
  ...counts,
  phases: z.record(z.string(), z.object(counts)),
});
export type HarnessSummary = z.infer<typeof HarnessSummary>;

export const startTask = defineOperation({
  id: 'startTask',
  method: 'POST',
  path: '/api/gateway/send-background',
  tag: 'gateway',
  access: 'bot',
  audit: 'runs',
  auditedWhenStored: true,
  summary: 'Have something done in the background, and its result delivered to the chat',
  description:
    "It knows the chat's conversation, and the chat stays free. One task of a project runs at a time: " +
    'another is rejected. A harness goes on by itself, batch by batch.',
  input: z.object({
    ...chat,
    message: nonBlankText.describe('What is to be done.'),
    bot_token: plainText
      .default('')
      .describe("The bot's Telegram token; kept sealed, never shown."),
    project_id: projectId.default(''),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.union([
      z.object({ status: z.literal('started'), task_id: TaskId }),
      z.object({
        status: z.literal('rejected'),
        reason: z.literal('already running'),
        elapsed: wholeSeconds,
      }),
    ]),
  },
  errors: ['message_too_large', 'database_unavailable', 'shutting_down'],
  mcp: {
    name: 'send_background_message',
    title: 'Start a background task',
    description:
      'Have something long done in the background. The chat stays free, and gets the result when it is there. ' +
      'The task knows the conversation of the chat. One task of a project runs at a time: another is rejected.',
    openWorld: true,
    omitInChat: ['bot_token'],
    chat: 'tasks',
  },
});

export const taskStatus = defineOperation({
  id: 'taskStatus',
  method: 'GET',
  path: '/api/gateway/background-status/{chat_id}',
  tag: 'gateway',
  access: 'bot',
  summary: "See how a chat's background task is getting on",
  input: z.object({
    ...chat,
    project_id: projectId
      .default('')
      .describe('Of this project; without it, the task that was started last.'),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.union([
      z.object({ status: z.literal('idle') }),
      z.object({
        status: z.literal('running'),
        message: z.string(),
        elapsed_seconds: wholeSeconds,
        started_at: seconds,
        task_id: TaskId,
      }),
      z.object({
        status: TaskState.exclude(['running', 'waiting']),
        result: z.string().describe('The first 500 characters.'),
        elapsed_seconds: wholeSeconds,
        task_id: TaskId,
      }),
    ]),
  },
  errors: [],
  mcp: {
    name: 'get_background_status',
    title: 'See how the background task is getting on',
    description:
      'See whether a background task of the chat runs, since when, and what came of the one started last.',
    chat: 'tasks',
  },
});

export const harnessStatus = defineOperation({
  id: 'harnessStatus',
  method: 'GET',
  path: '/api/gateway/harness-status/{chat_id}',
  tag: 'gateway',
  access: 'bot',
  summary: "See how far a chat's harnesses are",
  input: z.object(chat),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      jobs: z.array(
        z.object({
          bg_status: z.string().describe('As in `background-status`.'),
          elapsed_seconds: wholeSeconds,
          chain_depth: z.int().describe('Steps that followed by themselves.'),
          project_id: z.string(),
          cwd: z.string(),
          harness: HarnessSummary.nullable(),
        }),
      ),
    }),
  },
  errors: [],
  mcp: {
    name: 'get_harness_status',
    title: 'See how far the harnesses are',
    description:
      "See how many tasks of a chat's harnesses are done, in progress, blocked or waiting, phase by phase.",
    chat: 'tasks',
    resource: 'harness://{chat_id}',
  },
});

export const cleanUp = defineOperation({
  id: 'cleanUp',
  method: 'POST',
  path: '/api/gateway/cleanup/{chat_id}',
  tag: 'gateway',
  access: 'bot',
  audit: 'deletes',
  summary: "Put away a chat's finished harnesses and the sessions of its background tasks",
  description:
    'A harness is archived before it is removed, and only one whose tasks are all done is removed. ' +
    'What is at work is skipped.',
  input: z.object(chat),
  places: { bot_id: 'either' },
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      cleaned: z.int(),
      archived: z.int(),
      skipped: z.int(),
      details: z.array(z.string()),
    }),
  },
  errors: [],
});

export const Task = z.object({
  id: TaskId,
  bot_id: z.string(),
  chat_id: z.string(),
  project_id: z.string(),
  state: TaskState,
  message: z.string(),
  result: z.string().nullable().describe('All of it, once it has ended.'),
  error: ErrorCode.nullable(),
  chain_depth: z.int(),
  cwd: z.string().describe('Where its harness is, or else the working directory of the chat.'),
  harness: HarnessSummary.nullable(),
  started_at: seconds,
  finished_at: seconds.nullable(),
  next_step_at: seconds.nullable(),
});
export type Task = z.infer<typeof Task>;

export const listTasks = defineOperation({
  id: 'listTasks',
  method: 'GET',
  path: '/api/gateway/tasks',
  tag: 'gateway',
  access: 'bot',
  summary: 'List background tasks, newest first',
  description: 'For the next page, give the last id of this one as `before`.',
  input: z.object({
    bot_id: BotId.optional().describe('Only this bot; all bots when absent.'),
    chat_id: ChatId.optional().describe('Only this chat.'),
    state: TaskState.optional(),
    before: TaskId.optional().describe('Only tasks that came before this one.'),
    limit: z.int().min(1).max(500).default(50),
  }),
  output: { kind: 'json', status: 200, schema: z.array(Task) },
  errors: [],
  mcp: {
    name: 'list_tasks',
    title: 'List background tasks',
    description:
      'List background tasks, newest first, with their states and whole results. For the next page, give the ' +
      'last id of this one as `before`.',
    chat: 'tasks',
  },
});

const oneTask = z.object({ task_id: TaskId });

export const TaskStep = z.object({
  number: z.int(),
  kind: z
    .enum(['message', 'batch', 'decompose', 'retry'])
    .describe('decompose: to fill an empty list of tasks. retry: the step before was broken off.'),
  state: z
    .enum(['waiting', 'begun', 'ended', 'dropped'])
    .describe('dropped: the task ended while it waited.'),
  due_at: seconds.nullable().describe('When it begins, or was to begin; null for the first.'),
  turn_id: TurnId.nullable(),
  turn_state: TurnState.nullable(),
  response: z.string().nullable(),
});
export type TaskStep = z.infer<typeof TaskStep>;

export const getTask = defineOperation({
  id: 'getTask',
  method: 'GET',
  path: '/api/gateway/tasks/{task_id}',
  tag: 'gateway',
  access: 'bot',
  summary: 'One background task, with its steps',
  input: oneTask,
  output: { kind: 'json', status: 200, schema: Task.extend({ steps: z.array(TaskStep) }) },
  errors: ['not_found'],
  mcp: {
    name: 'get_task',
    title: 'Look at one background task',
    description: 'Read one background task by its id: its state, its steps, and the whole result.',
  },
});

export const cancelTask = defineOperation({
  id: 'cancelTask',
  method: 'POST',
  path: '/api/gateway/tasks/{task_id}/cancel',
  tag: 'gateway',
  access: 'bot',
  summary: 'End one background task, whether it runs or waits',
  description: 'Nothing of it is delivered any more. `cancelled` is false when it had ended.',
  input: oneTask,
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ cancelled: z.boolean(), state: TaskState }),
  },
  errors: ['not_found', 'database_unavailable'],
  mcp: {
    name: 'cancel_task',
    title: 'End a background task',
    description:
      'End a background task by its id, whether it runs or waits. Nothing of it is told to the chat any more.',
    destructive: true,
    idempotent: true,
    chat: 'tasks',
  },
});
