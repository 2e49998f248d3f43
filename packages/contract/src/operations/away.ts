import { z } from 'zod';
import { BotId, ChatId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';

const chat = { chat_id: ChatId, bot_id: BotId.default(defaultBotId) };

export const setAway = defineOperation({
  id: 'setAway',
  method: 'POST',
  path: '/api/gateway/nirmana',
  tag: 'gateway',
  access: 'bot',
  summary: 'Say that the owner goes away, or is back',
  description: 'On return, `briefing` says what came meanwhile.',
  input: z.object({ ...chat, action: z.enum(['away', 'back']) }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      status: z.literal('ok'),
      message: z.string().nullable(),
      briefing: z.string().nullable().describe('Fits one Telegram message.'),
    }),
  },
  errors: ['database_unavailable'],
  mcp: {
    name: 'set_nirmana_mode',
    title: 'Say that the owner goes away, or is back',
    description:
      'Switch away mode, also called Nirmana mode, of a chat: `action` is "away" or "back". On return `briefing` ' +
      'says what came meanwhile; tell it to the owner, for it is given once.',
    idempotent: true,
  },
});

const issue = {
  repo: z.string(),
  number: z.int(),
  title: z.string(),
  branch: z.string(),
};

export const startAwayWork = defineOperation({
  id: 'startAwayWork',
  method: 'POST',
  path: '/api/gateway/away/start',
  tag: 'gateway',
  access: 'bot',
  audit: 'runs',
  summary: "Have issues of the owner's repositories worked on while they are away",
  description: 'Each ends as a draft of a pull request. The chat is told of each.',
  input: z.object({
    ...chat,
    bot_token: plainText
      .default('')
      .describe("The bot's Telegram token; kept sealed, never shown."),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      repos: z.array(z.string()),
      queued: z.int(),
      issues: z.array(z.object(issue)),
      capped: z.boolean().describe('There were more issues than are taken at once.'),
    }),
  },
  errors: ['github_unavailable', 'database_unavailable'],
});

export const stopAwayWork = defineOperation({
  id: 'stopAwayWork',
  method: 'POST',
  path: '/api/gateway/away/stop',
  tag: 'gateway',
  access: 'bot',
  summary: 'Begin with no more issues, and see how they stand',
  description: 'What is being worked on goes on, and is in the next roundup again.',
  input: z.object(chat),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      roundup: z.array(
        z.object({
          ...issue,
          status: z
            .enum(['running', 'publishing', 'done', 'failed', 'skipped'])
            .describe('skipped: it had not begun.'),
          pr_url: z.string().nullable(),
          error: z.string().optional(),
        }),
      ),
      stopped_new_pickups: z.boolean(),
    }),
  },
  errors: ['database_unavailable'],
});

export const awayStatus = defineOperation({
  id: 'awayStatus',
  method: 'GET',
  path: '/api/gateway/nirmana/{chat_id}',
  tag: 'gateway',
  access: 'bot',
  summary: 'See whether the owner is away',
  input: z.object(chat),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      nirmana_mode: z.boolean(),
      nirmana_activated_at: z.number().describe('Unix seconds; 0: not away.'),
      away_duration_seconds: z.number().nullable(),
    }),
  },
  errors: [],
  mcp: {
    name: 'get_nirmana_state',
    title: 'See whether the owner is away',
    description:
      'See whether away mode, also called Nirmana mode, is on in a chat, and since when.',
  },
});
