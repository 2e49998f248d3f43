import { z } from 'zod';
import { BotId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';
import { ChatMessage } from './chat.ts';
import { Session } from './gateway.ts';
import { Turn } from './turns.ts';

const timestamp = z.string().describe('`YYYY-MM-DD HH:MM:SS`, UTC.');
const messageId = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A chat as a list of chats shows it: what it does at the moment, and what was said last. */
export const Chat = z.object({
  session_id: z.string().describe('Its conversation in the chat history.'),
  bot_id: z.string(),
  chat_id: z
    .string()
    .nullable()
    .describe('Null: a conversation that is no chat of the gateway, such as one of a job.'),
  has_session: z.boolean().describe('Claude has a conversation to go on with.'),
  state: Session.shape.state,
  queued: z.int().describe('Messages that wait.'),
  busy_seconds: Session.shape.busy_seconds,
  background: z.boolean().describe('A background task of it has not ended.'),
  message_count: z.int(),
  last_message: z.object({
    id: z.int(),
    role: ChatMessage.shape.role,
    source: z.string(),
    username: z.string().nullable(),
    text: z.string().describe('The first 200 characters.'),
    created_at: timestamp,
  }),
});
export type Chat = z.infer<typeof Chat>;

export const listChats = defineOperation({
  id: 'listChats',
  method: 'GET',
  path: '/api/chats',
  tag: 'chat',
  access: 'bot',
  summary: 'List all chats with their state and their last message, newest first',
  input: z.object({ bot_id: BotId.optional().describe('Only this bot; all bots when absent.') }),
  output: { kind: 'json', status: 200, schema: z.array(Chat) },
  errors: [],
});

/** What became of the turn that a message began, or that it is the answer of. */
export const MessageTurn = Turn.omit({
  bot_id: true,
  chat_id: true,
  message: true,
  response: true,
}).extend({
  steps: z.int().describe('What Claude did on the way: how many steps `turnSteps` has of it.'),
});
export type MessageTurn = z.infer<typeof MessageTurn>;

export const ConversationMessage = ChatMessage.extend({
  length: z.int().describe('Characters of the whole message.'),
  turn: MessageTurn.nullable().describe('Null: the message was not a part of a turn.'),
});
export type ConversationMessage = z.infer<typeof ConversationMessage>;

/** Characters of one message, unless it is asked for as a whole. */
export const longestExcerpt = 50_000;

export const readConversation = defineOperation({
  id: 'readConversation',
  method: 'GET',
  path: '/api/chats/{session_id}/messages',
  tag: 'chat',
  access: 'bot',
  summary: 'Read a part of a conversation, with the turns of its messages',
  description:
    'Oldest message first. Without `after` the last messages (before `before`), with it the first ones behind it. ' +
    'A conversation that does not exist has no messages.',
  input: z.object({
    session_id: plainText,
    bot_id: BotId.default(defaultBotId),
    before: messageId.optional().describe('Only messages before the one with this id.'),
    after: messageId.optional().describe('Only messages after the one with this id.'),
    limit: z.int().min(1).max(200).default(50),
    whole: z
      .boolean()
      .default(false)
      .describe(`Messages as a whole, not only their first ${longestExcerpt} characters.`),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      messages: z.array(ConversationMessage),
      more_before: z.boolean().describe('There are messages before the first of these.'),
      more_after: z.boolean().describe('There are messages after the last of these.'),
    }),
  },
  errors: [],
});
