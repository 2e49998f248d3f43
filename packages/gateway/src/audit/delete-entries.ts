import type { Database } from '../db/database.ts';
import { AuditRepo } from './audit-repo.ts';

/** Who orders that entries be deleted, and which. */
export interface Deletion {
  /** Unix milliseconds; older ones are deleted. */
  readonly beforeMs: number;
  readonly caller: string;
  readonly nowMs: number;
}

/**
 * Delete old entries at the owner's word: nothing else in this program can. That it was done stands in the
 * audit from then on.
 * @returns how many
 */
export function deleteEntries(database: Database, { beforeMs, caller, nowMs }: Deletion): number {
  return database.transaction(() => {
    const guards = database
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'audit*_not_deleted'",
      )
      .all();
    for (const { name } of guards) database.exec(`DROP TRIGGER ${name}`);
    database
      .prepare(
        'DELETE FROM audit_outcomes WHERE audit_id IN (SELECT id FROM audit WHERE at_ms < ?)',
      )
      .run(beforeMs);
    const { changes } = database.prepare('DELETE FROM audit WHERE at_ms < ?').run(beforeMs);
    for (const { sql } of guards) database.exec(sql);
    const repo = new AuditRepo(database);
    const about = { before: new Date(beforeMs).toISOString(), entries: String(changes) };
    const id = repo.add({
      atMs: nowMs,
      caller,
      address: null,
      operation: 'deleteAudit',
      kind: 'deletes',
      botId: null,
      about: JSON.stringify(about),
    });
    repo.addOutcome(id, nowMs, 'done');
    return changes;
  })();
}
