import type { AuditEntry } from '@mini-claude-bot/contract';
import { z } from 'zod';
import type { EntryRow } from './audit-repo.ts';

const About = z.record(z.string(), z.string());

/** An entry as the contract shows it. */
export const describeEntry = (row: EntryRow): AuditEntry => ({
  id: row.id,
  at: row.at_ms / 1000,
  caller: row.caller,
  address: row.address,
  operation: row.operation,
  kind: row.kind,
  bot_id: row.bot_id,
  about: About.parse(JSON.parse(row.about)),
  outcome: row.outcome,
  finished_at: row.finished_at_ms === null ? null : row.finished_at_ms / 1000,
});
