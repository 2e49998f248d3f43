import { z } from 'zod';
import { BotId, ChatId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText } from '../text.ts';
import { TurnEvent } from '../turn-events.ts';

const chat = { chat_id: ChatId, bot_id: BotId.default(defaultBotId) };

const message = z.object({
  ...chat,
  message: nonBlankText.describe('What the user says. It reaches Claude as it is.'),
  user_id: plainText.nullish().describe('Who says it, as the bot knows them.'),
  username: plainText.nullish(),
  source: z
    .enum(['telegram', 'page'])
    .optional()
    // Before this field was known, whatever stood there was left alone.
    .catch(undefined)
    .describe('Where it was written, as the history then says; `telegram` when absent.'),
  idempotency_key: plainText
    .refine((key) => key !== '' && key.length <= 255, { error: 'must have 1 to 255 characters' })
    .optional()
    .describe('The same key again, in the same chat, gives the same turn and its one answer.'),
});

const headers = { idempotency_key: 'Idempotency-Key' };

const seconds = z.number().describe('Unix seconds.');
const wholeSeconds = z.int().nonnegative().describe('Whole seconds.');

export const sendMessage = defineOperation({
  id: 'sendMessage',
  method: 'POST',
  path: '/api/gateway/send',
  tag: 'gateway',
  access: 'bot',
  audit: 'runs',
  auditedWhenStored: true,
  summary: 'Send a message to a chat and wait for the reply',
  description:
    'A failed turn answers 200 too: `response` then starts with "[ERROR] " (why), or with "[BUSY] " when ' +
    'the message waited too long in the queue and was not run.',
  input: message,
  headers,
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ response: z.string(), session_key: z.string() }),
  },
  errors: ['message_too_large', 'database_unavailable', 'shutting_down'],
  mcp: {
    name: 'send_gateway_message',
    title: 'Send a message to a chat',
    description:
      'Say something to a chat and wait for the reply of its Claude, which can take minutes. The chat keeps its ' +
      'conversation and its working directory; a new `chat_id` begins a new chat. Cancelling the call stops the ' +
      'answer. For work that takes long, use send_background_message where there is one.',
    openWorld: true,
    slow: true,
    omit: ['user_id', 'username', 'source'],
  },
});

export const streamMessage = defineOperation({
  id: 'streamMessage',
  method: 'POST',
  path: '/api/gateway/send-stream',
  tag: 'gateway',
  access: 'bot',
  audit: 'runs',
  auditedWhenStored: true,
  summary: 'Send a message to a chat and follow the reply as it is written',
  description:
    'Server-sent events, each one `data: {"type", "content", …}`. Closing the connection does not end the turn.',
  input: message,
  headers,
  output: { kind: 'events', schema: TurnEvent },
  errors: ['message_too_large', 'database_unavailable', 'shutting_down'],
});

export const stopChat = defineOperation({
  id: 'stopChat',
  method: 'POST',
  path: '/api/gateway/stop',
  tag: 'gateway',
  access: 'bot',
  audit: 'deletes',
  summary: 'End a chat and forget its conversation',
  description:
    'Ends its turn and whatever waits, removes its working directory and its transcripts. The next message ' +
    'starts a new conversation. The chat history is kept. `stopped` is false when there was no such session.',
  input: z.object(chat),
  output: { kind: 'json', status: 200, schema: z.object({ stopped: z.boolean() }) },
  errors: ['database_unavailable'],
  mcp: {
    name: 'stop_gateway_session',
    title: 'End a chat and forget its conversation',
    destructive: true,
    idempotent: true,
  },
});

export const Session = z.object({
  chat_id: z.string(),
  bot_id: z.string(),
  busy: z.boolean(),
  first_done: z.boolean().describe('A turn of this conversation has ended.'),
  last_active: seconds,
  idle_seconds: wholeSeconds,
  busy_seconds: wholeSeconds.describe('How long the running turn has been at it; 0 when idle.'),
  state: z
    .enum(['cold', 'idle', 'queued', 'busy'])
    .describe('cold: no Claude process is alive for it.'),
  queued: z.int().describe('Messages that wait.'),
});
export type Session = z.infer<typeof Session>;

export const listSessions = defineOperation({
  id: 'listSessions',
  method: 'GET',
  path: '/api/gateway/sessions',
  tag: 'gateway',
  access: 'bot',
  summary: 'List the chats that have a session',
  input: z.object({ bot_id: BotId.optional().describe('Only this bot; all bots when absent.') }),
  output: { kind: 'json', status: 200, schema: z.array(Session) },
  errors: [],
  mcp: {
    name: 'list_gateway_sessions',
    title: 'List chats that have a session',
    description:
      'List the chats of the gateway with their ids, whether each is busy, and how long it has been idle.',
  },
});

export const resetSession = defineOperation({
  id: 'resetSession',
  method: 'POST',
  path: '/api/gateway/sessions/{chat_id}/reset',
  tag: 'gateway',
  access: 'bot',
  summary: "End a chat's running turn and its process, keep the conversation",
  description: 'The way out of a turn that is stuck. Messages that wait are run next.',
  input: z.object(chat),
  places: { bot_id: 'either' },
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ reset: z.literal(true), chat_id: z.string(), bot_id: z.string() }),
  },
  errors: [],
  mcp: {
    name: 'reset_gateway_session',
    title: 'Free a chat that is stuck',
    destructive: true,
    idempotent: true,
  },
});

export const reapSessions = defineOperation({
  id: 'reapSessions',
  method: 'POST',
  path: '/api/gateway/sessions/reap',
  tag: 'gateway',
  access: 'owner',
  summary: 'Close the Claude processes of sessions that have been idle too long',
  description: 'Their conversations are kept: the next message goes on where they were.',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      reaped: z.array(
        z.object({
          chat_id: z.string(),
          bot_id: z.string(),
          type: z.enum(['interactive', 'background']),
          idle_seconds: wholeSeconds,
          idle_hours: z.number(),
        }),
      ),
      count: z.int(),
    }),
  },
  errors: [],
  mcp: { name: 'reap_gateway_sessions', title: 'Close idle Claude processes', idempotent: true },
});

export const queueStatus = defineOperation({
  id: 'queueStatus',
  method: 'GET',
  path: '/api/gateway/queue-status/{chat_id}',
  tag: 'gateway',
  access: 'bot',
  summary: 'See whether a chat is busy, and how full the gateway is',
  input: z.object(chat),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      busy: z.boolean(),
      busy_message: z.string().describe('The message that is being answered.'),
      elapsed_seconds: wholeSeconds,
      slots_used: z.int(),
      slots_max: z.int(),
      queue_wait_timeout: wholeSeconds,
      queue_wait_remaining: wholeSeconds.describe(
        'How long the first waiting message may still wait; the whole time when none waits.',
      ),
      queue_length: z.int().describe('Messages of this chat that wait.'),
    }),
  },
  errors: [],
  mcp: { name: 'get_queue_status', title: 'See whether a chat is busy' },
});
