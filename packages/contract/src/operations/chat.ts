import { z } from 'zod';
import { BotId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText } from '../text.ts';
import { distance, Explanation, nextCursorHeader, SearchMode, searchHeaders } from './search.ts';

const timestamp = z.string().describe('`YYYY-MM-DD HH:MM:SS`, UTC.');

export const ChatSession = z.object({
  session_id: z.string(),
  bot_id: z.string(),
  started_at: timestamp,
  last_message_at: timestamp,
  message_count: z.int(),
});

export const ChatMessage = z.object({
  id: z.int(),
  session_id: z.string(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  source: z.string().describe('`telegram`; `error` on the answer of a turn that failed.'),
  telegram_chat_id: z.int().nullable(),
  user_id: z.string().nullable(),
  username: z.string().nullable(),
  created_at: timestamp,
  bot_id: z.string(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

export const listChatSessions = defineOperation({
  id: 'listChatSessions',
  method: 'GET',
  path: '/api/chat/sessions',
  tag: 'chat',
  access: 'bot',
  summary: 'List the conversations of the chat history, newest first',
  input: z.object({ bot_id: BotId.optional().describe('Only this bot; all bots when absent.') }),
  output: { kind: 'json', status: 200, schema: z.array(ChatSession) },
  errors: [],
  mcp: {
    name: 'list_chat_sessions',
    title: 'List conversations of the history',
    description:
      'List the conversations of the chat history, newest first, with their ids and sizes.',
    lists: 'chat://{session_id}',
  },
});

export const getChatSession = defineOperation({
  id: 'getChatSession',
  method: 'GET',
  path: '/api/chat/sessions/{session_id}',
  tag: 'chat',
  access: 'bot',
  summary: 'Read one conversation, oldest message first',
  description: "A gateway chat's conversation is `gw-{bot_id}-{chat_id}`.",
  input: z.object({
    session_id: plainText,
    limit: z.int().min(0).default(0).describe('Only the last so many messages; 0: all.'),
    bot_id: BotId.optional().describe('Only rows of this bot.'),
  }),
  output: { kind: 'json', status: 200, schema: z.array(ChatMessage) },
  errors: ['not_found'],
  mcp: {
    name: 'get_chat_session',
    title: 'Read a conversation',
    description:
      'Read what was said in a conversation, oldest message first, also before it was last stopped. Set `limit` ' +
      'to the number of last messages that you need: a conversation can be long.',
    chat: 'history',
    resource: 'chat://{session_id}',
  },
});

export const addChatMessage = defineOperation({
  id: 'addChatMessage',
  method: 'POST',
  path: '/api/chat/messages',
  tag: 'chat',
  access: 'bot',
  summary: 'Add a message to the chat history',
  input: z.object({
    session_id: nonBlankText,
    role: z.enum(['user', 'assistant']),
    content: nonBlankText,
    source: plainText.default('telegram'),
    telegram_chat_id: z.int().nullish(),
    bot_id: BotId.default(defaultBotId),
  }),
  output: { kind: 'json', status: 201, schema: z.object({ id: z.int() }) },
  errors: ['database_unavailable'],
});

/** A piece of a text. What was looked for is marked by place, so that no text can pass for a mark. */
export const Snippet = z.object({
  text: z.string(),
  marks: z
    .array(z.object({ start: z.int(), end: z.int() }))
    .describe('In UTF-16 units of `text`; `end` is the first one behind.'),
  cut_before: z.boolean().describe('The message has more before it.'),
  cut_after: z.boolean(),
});
export type Snippet = z.infer<typeof Snippet>;

export const ChatHit = ChatMessage.omit({
  telegram_chat_id: true,
  user_id: true,
  username: true,
}).extend({ distance, snippet: Snippet, explain: Explanation.optional() });
export type ChatHit = z.infer<typeof ChatHit>;

const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .describe('A day (`2026-01-31`) or a time with its offset (`2026-01-31T08:00:00Z`).');

export const searchChat = defineOperation({
  id: 'searchChat',
  method: 'GET',
  path: '/api/chat/search',
  tag: 'chat',
  access: 'bot',
  summary: 'Find messages of the chat history, best first',
  input: z.object({
    q: nonBlankText.describe('What to look for.'),
    limit: z.int().min(1).max(200).default(10),
    bot_id: BotId.optional().describe('Only this bot; all bots when absent.'),
    session_id: plainText.optional().describe('Only this conversation.'),
    role: z.enum(['user', 'assistant']).optional(),
    source: plainText.optional(),
    since: moment.optional().describe('Only messages from this day or time on.'),
    until: moment.optional().describe('Only messages before this day or time.'),
    mode: SearchMode.default('hybrid'),
    explain: z.boolean().default(false).describe('Show ranks and scores of each hit.'),
    cursor: plainText
      .optional()
      .describe('The next page of the same search: what the header `x-next-cursor` said.'),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.array(ChatHit),
    headers: {
      ...searchHeaders,
      [nextCursorHeader]: 'Give it as `cursor` for the next page; absent on the last one.',
    },
  },
  errors: [],
  mcp: {
    name: 'search_chat_history',
    title: 'Search the chat history',
    description:
      'Find what was said before, best first, by words and by meaning, also before a conversation was last ' +
      'stopped. Try other words for the same thing when little is found.',
    rename: { query: 'q' },
    omit: ['explain', 'cursor'],
    chat: 'history',
  },
});
