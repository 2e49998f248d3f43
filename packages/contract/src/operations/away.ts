import { z } from 'zod';
import { AwayIssueId, BotId, ChatId, defaultBotId } from '../ids.ts';
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

/** publishing: what was done becomes a commit and a pull request. */
export const AwayStatus = z.enum(['queued', 'running', 'publishing', 'done', 'failed', 'skipped']);
export type AwayStatus = z.infer<typeof AwayStatus>;

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
  errors: ['configuration_invalid', 'github_unavailable', 'database_unavailable'],
});

export const stopAwayWork = defineOperation({
  id: 'stopAwayWork',
  method: 'POST',
  path: '/api/gateway/away/stop',
  tag: 'gateway',
  access: 'bot',
  summary: 'Begin with no more issues, and see how they stand',
  description:
    'What is being worked on goes on, and is in the next roundup again. Asked again, the same comes back until the ' +
    'owner goes away the next time.',
  input: z.object(chat),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      roundup: z.array(
        z.object({
          ...issue,
          status: AwayStatus.exclude(['queued']).describe('skipped: it had not begun.'),
          pr_url: z.string().nullable(),
          error: z.string().optional().describe('Why it failed, or is not finished.'),
        }),
      ),
      stopped_new_pickups: z.boolean(),
    }),
  },
  errors: ['database_unavailable'],
});

export const AwayIssue = z.object({
  id: AwayIssueId,
  bot_id: z.string(),
  chat_id: z.string(),
  ...issue,
  status: AwayStatus,
  step: z.string().describe('The step that it is at, or ended in: for a person to read.'),
  task_id: z.string().nullable(),
  pr_url: z.string().nullable(),
  error: z.string().nullable().describe('Why it failed, or is not finished.'),
  tests: z.string().nullable().describe("What came of the repository's tests."),
  queued_at: z.number().describe('Unix seconds.'),
  ended_at: z.number().nullable().describe('Unix seconds.'),
});

export const listAwayIssues = defineOperation({
  id: 'listAwayIssues',
  method: 'GET',
  path: '/api/gateway/away/issues',
  tag: 'gateway',
  access: 'bot',
  summary: 'List the work on issues, newest first',
  input: z.object({
    bot_id: BotId.optional().describe('Only of this bot; of all bots when absent.'),
    chat_id: ChatId.optional().describe('Only of this chat.'),
    limit: z.int().min(1).max(500).default(50),
  }),
  output: { kind: 'json', status: 200, schema: z.array(AwayIssue) },
  errors: [],
});

export const stopAwayIssue = defineOperation({
  id: 'stopAwayIssue',
  method: 'POST',
  path: '/api/gateway/away/issues/{issue_id}/stop',
  tag: 'gateway',
  access: 'bot',
  summary: 'End the work on one issue now',
  description: 'What there is of it is kept on its branch in the clone. The chat is not told.',
  input: z.object({ issue_id: AwayIssueId }),
  output: { kind: 'json', status: 200, schema: AwayIssue },
  errors: ['not_found', 'conflict', 'database_unavailable'],
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
