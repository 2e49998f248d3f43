import { z } from 'zod';
import { BotId, ChatId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';

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
      nirmana_activated_at: z.number().describe('Unix seconds; 0: never.'),
      away_duration_seconds: z.number().nullable(),
    }),
  },
  errors: [],
});
