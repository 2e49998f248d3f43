import { operations } from '@mini-claude-bot/contract';
import type { Audit } from '../audit/audit.ts';
import { describeEntry } from '../audit/describe-entry.ts';
import type { OperationBinder } from './bind.ts';

export function bindAuditRoutes(binder: OperationBinder, audit: Audit): void {
  binder.bind(operations.listAudit, ({ bot_id, kind, before, limit }) =>
    audit.list({ botId: bot_id, kind, before, limit }).map(describeEntry),
  );
}
