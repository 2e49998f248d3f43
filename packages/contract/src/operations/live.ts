import { z } from 'zod';
import { BotId } from '../ids.ts';
import { LiveEvent } from '../live-events.ts';
import { defineOperation } from '../operation.ts';

export const followChanges = defineOperation({
  id: 'followChanges',
  method: 'GET',
  path: '/api/events',
  tag: 'system',
  access: 'bot',
  summary: 'Hear what changes, so that it can be read again',
  description:
    'Server-sent events without an end. What changes several times in a moment is told once. After a ' +
    'connection that broke, read everything again.',
  input: z.object({ bot_id: BotId.optional().describe('Only this bot; all bots when absent.') }),
  output: { kind: 'events', schema: LiveEvent, endless: true },
  errors: ['too_many_requests'],
});
