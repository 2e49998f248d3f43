import { z } from 'zod';
import { BotId } from '../ids.ts';
import { Audited, defineOperation } from '../operation.ts';

const unixSeconds = z.number().describe('Unix seconds.');

export const AuditEntry = z.object({
  id: z.int(),
  at: unixSeconds,
  caller: z.string().describe('The token that called, `loopback`, or a part of the gateway.'),
  address: z.string().nullable().describe('From where; null: not over the network.'),
  operation: z.string(),
  kind: Audited,
  bot_id: z.string().nullable(),
  about: z.record(z.string(), z.string()).describe('The ids of what it was done to.'),
  outcome: z
    .string()
    .nullable()
    .describe('`done`, or the code of an error; null: it goes on, or nobody knows.'),
  finished_at: unixSeconds.nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const listAudit = defineOperation({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'system',
  access: 'owner',
  summary: 'List what ran commands, deleted, or changed access, newest first',
  input: z.object({
    bot_id: BotId.optional().describe('Only what concerned this bot.'),
    kind: Audited.optional().describe('Only what did this.'),
    before: z.int().positive().optional().describe('Only older ones than the entry with this id.'),
    limit: z.int().min(1).max(1000).default(100),
  }),
  output: { kind: 'json', status: 200, schema: z.array(AuditEntry) },
  errors: [],
});
