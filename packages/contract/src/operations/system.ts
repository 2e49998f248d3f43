import { z } from 'zod';
import { defineOperation } from '../operation.ts';

export const ping = defineOperation({
  id: 'ping',
  method: 'GET',
  path: '/api/health',
  tag: 'system',
  access: 'anyone',
  summary: 'Answer that the gateway is there',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.object({ status: z.literal('ok') }) },
  errors: [],
});

export const health = defineOperation({
  id: 'health',
  method: 'GET',
  path: '/health',
  tag: 'system',
  access: 'anyone',
  summary: 'How the gateway is',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      status: z.enum(['ok', 'stopping']),
      uptime_seconds: z.number(),
      active_sessions: z.int().describe('Sessions with a Claude process alive.'),
    }),
  },
  errors: [],
  mcp: {
    name: 'health_check',
    title: 'Check the gateway',
    description:
      'See whether the gateway answers, since when it runs, and how many Claude processes it has.',
    chat: 'status',
  },
});
