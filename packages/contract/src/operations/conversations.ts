import { z } from 'zod';
import { BotId, defaultBotId, TurnId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';
import { ChatMessage } from './chat.ts';
import { Turn } from './turns.ts';

/** A conversation as a list of them shows it. */
export const Chat = z.object({
  session_id: z.string(),
  bot_id: z.string(),
  chat_id: z.string().nullable().describe('Null: its messages came from elsewhere.'),
  message_count: z.int(),
  unread: z.int().describe('Answers that nobody has read on the page.'),
  last_message: ChatMessage.pick({
    id: true,
    role: true,
    source: true,
    username: true,
    created_at: true,
  }).extend({ preview: z.string().describe('The first 200 characters.') }),
  state: z
    .enum(['cold', 'idle', 'queued', 'busy'])
    .describe('idle: a Claude process waits for it. cold: none does.'),
  queued: z.int().describe('Messages that wait.'),
  tasks: z.int().describe('Background tasks that run, or wait for their next step.'),
});
export type Chat = z.infer<typeof Chat>;

export const listChats = defineOperation({
  id: 'listChats',
  method: 'GET',
  path: '/api/chats',
  tag: 'chat',
  access: 'bot',
  summary: 'List conversations with what was said last and what they do, newest first',
  description: 'For the next page, give the id of the last message of the last one as `before`.',
  input: z.object({
    bot_id: BotId.optional().describe('Only this bot; all bots when absent.'),
    before: z.int().min(1).optional().describe('Only those whose last message is older.'),
    limit: z.int().min(1).max(500).default(100),
  }),
  output: { kind: 'json', status: 200, schema: z.array(Chat) },
  errors: [],
});

/** A tool that Claude used. */
export const ToolUse = z.object({
  name: z.string(),
  content: z.string().describe('A short form of the input.'),
});
export type ToolUse = z.infer<typeof ToolUse>;

/** A message, with the turn that it began or ended. */
export const MessageOfTurn = ChatMessage.extend({
  turn: Turn.omit({ message: true, response: true, bot_id: true, chat_id: true })
    .extend({
      id: TurnId,
      thinking: z
        .string()
        .describe('What Claude thought, of an answer: its end, where it was long.'),
      tools: z
        .array(ToolUse)
        .describe('What it used, in order: the last ones, where there were many.'),
    })
    .nullable()
    .describe('Null: it was added to the history, or is from before there were turns.'),
});
export type MessageOfTurn = z.infer<typeof MessageOfTurn>;

export const listMessages = defineOperation({
  id: 'listMessages',
  method: 'GET',
  path: '/api/chats/{session_id}/messages',
  tag: 'chat',
  access: 'bot',
  summary: 'Read a part of a conversation, oldest message first',
  description:
    'The last messages; with `before`, those just before that message; with `after`, those just after it.',
  input: z.object({
    session_id: plainText,
    bot_id: BotId.optional().describe('Only rows of this bot.'),
    before: z.int().min(1).optional().describe('The id of a message.'),
    after: z.int().min(0).optional().describe('The id of a message.'),
    limit: z.int().min(1).max(500).default(50),
  }),
  output: { kind: 'json', status: 200, schema: z.array(MessageOfTurn) },
  errors: ['not_found'],
});

export const markRead = defineOperation({
  id: 'markRead',
  method: 'POST',
  path: '/api/chats/{session_id}/read',
  tag: 'chat',
  access: 'bot',
  summary: 'Note how far a conversation was read on the page',
  input: z.object({
    session_id: plainText,
    bot_id: BotId.default(defaultBotId),
    message_id: z.int().min(1).describe('The newest that was seen.'),
  }),
  output: { kind: 'json', status: 200, schema: z.object({ unread: z.int() }) },
  errors: ['not_found', 'database_unavailable'],
});
