import type { Audited, BotId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** Something that is about to be done. */
export interface NewEntry {
  readonly atMs: number;
  readonly caller: string;
  readonly address: string | null;
  readonly operation: string;
  readonly kind: Audited;
  readonly botId: string | null;
  /** A JSON object of ids. */
  readonly about: string;
}

/** An entry as stored, with its outcome where there is one. */
export interface EntryRow {
  readonly id: number;
  readonly at_ms: number;
  readonly caller: string;
  readonly address: string | null;
  readonly operation: string;
  readonly kind: Audited;
  readonly bot_id: string | null;
  readonly about: string;
  readonly outcome: string | null;
  readonly finished_at_ms: number | null;
}

/** Which entries to list. */
export interface EntryFilter {
  readonly botId: BotId | undefined;
  readonly kind?: Audited | undefined;
  /** Older than the one with this id. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** The tables of the audit. Rows are added, and nothing else. */
export class AuditRepo {
  readonly #add;
  readonly #addOutcome;
  readonly #list;

  constructor(database: Database) {
    this.#add = database.prepare<[NewEntry]>(`
      INSERT INTO audit (at_ms, caller, address, operation, kind, bot_id, about)
      VALUES (:atMs, :caller, :address, :operation, :kind, :botId, :about)`);
    this.#addOutcome = database.prepare<[{ id: number; atMs: number; outcome: string }]>(
      'INSERT INTO audit_outcomes (audit_id, at_ms, outcome) VALUES (:id, :atMs, :outcome)',
    );
    this.#list = database.prepare<
      [{ botId: string | null; kind: Audited | null; before: number | null; limit: number }],
      EntryRow
    >(`
      SELECT a.id, a.at_ms, a.caller, a.address, a.operation, a.kind, a.bot_id, a.about,
        o.outcome, o.at_ms AS finished_at_ms
      FROM audit a LEFT JOIN audit_outcomes o ON o.audit_id = a.id
      WHERE (:botId IS NULL OR a.bot_id = :botId) AND (:kind IS NULL OR a.kind = :kind)
        AND (:before IS NULL OR a.id < :before)
      ORDER BY a.id DESC LIMIT :limit`);
  }

  /** @returns its id */
  add(entry: NewEntry): number {
    return Number(this.#add.run(entry).lastInsertRowid);
  }

  addOutcome(id: number, atMs: number, outcome: string): void {
    this.#addOutcome.run({ id, atMs, outcome });
  }

  /** Newest first. */
  list({ botId, kind, before, limit }: EntryFilter): EntryRow[] {
    return this.#list.all({
      botId: botId ?? null,
      kind: kind ?? null,
      before: before ?? null,
      limit,
    });
  }
}
