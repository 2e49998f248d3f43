import { z } from 'zod';
import { defineOperation } from '../operation.ts';

/** Something that is wrong with the gateway itself. */
export const HealthFinding = z.object({
  id: z.string().describe('Names it; stays the same over versions.'),
  found: z.string(),
  fix: z.string().describe('What to do about it.'),
  restart_helps: z.boolean().describe('Whether starting the gateway again may mend it.'),
});
export type HealthFinding = z.infer<typeof HealthFinding>;

/** What `/health` answers with status 503, besides its usual fields. */
export const Trouble = z.object({ status: z.literal('trouble'), findings: z.array(HealthFinding) });

const whenInTrouble =
  'In trouble (database, disk, its own thread, jobs, outbox or search that stand still) it answers 503, with ' +
  '`status` "trouble" and `findings`, each with `id`, `found`, `fix` and `restart_helps`.';

export const ping = defineOperation({
  id: 'ping',
  method: 'GET',
  path: '/api/health',
  tag: 'system',
  access: 'anyone',
  summary: 'Answer that the gateway is there, and well',
  description: whenInTrouble,
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.object({ status: z.literal('ok') }) },
  errors: ['unhealthy'],
});

export const health = defineOperation({
  id: 'health',
  method: 'GET',
  path: '/health',
  tag: 'system',
  access: 'anyone',
  summary: 'How the gateway is',
  description: whenInTrouble,
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
  errors: ['unhealthy'],
  mcp: {
    name: 'health_check',
    title: 'Check the gateway',
    description:
      'See whether the gateway answers, since when it runs, and how many Claude processes it has.',
    chat: 'status',
  },
});
