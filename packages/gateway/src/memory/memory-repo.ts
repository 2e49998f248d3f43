import type { BotId, Memory } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A memory to be stored. */
export interface NewMemory {
  readonly botId: BotId;
  readonly key: string;
  readonly content: string;
  readonly category: string;
  /** ISO 8601 with offset. */
  readonly at: string;
}

/** What is changed; undefined: stays. */
export interface MemoryChange {
  readonly content: string | undefined;
  readonly category: string | undefined;
  readonly at: string;
}

interface Found {
  readonly id: number;
  readonly botId: string | null;
}

// Files of the old system may have NULL in some of them.
const columns = `id, key, content, COALESCE(category, 'general') AS category,
  COALESCE(created_at, updated_at, '') AS created_at, COALESCE(updated_at, created_at, '') AS updated_at, bot_id`;

const byId = 'id = :id AND (:botId IS NULL OR bot_id = :botId)';

/** The memories of all bots. Whatever is written is indexed by the triggers of the search tables. */
export class MemoryRepo {
  readonly #database: Database;
  readonly #insert;
  readonly #list;
  readonly #find;
  readonly #update;
  readonly #delete;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare<[NewMemory]>(`
      INSERT INTO memory (key, content, category, created_at, updated_at, bot_id)
      VALUES (:key, :content, :category, :at, :at, :botId) ON CONFLICT (bot_id, key) DO NOTHING`);
    this.#list = database.prepare<[{ botId: BotId; category: string | null }], Memory>(`
      SELECT ${columns} FROM memory WHERE bot_id = :botId
        AND (:category IS NULL OR COALESCE(category, 'general') = :category)
      ORDER BY updated_at DESC, id DESC`);
    this.#find = database.prepare<[Found], Memory>(`SELECT ${columns} FROM memory WHERE ${byId}`);
    this.#update = database.prepare<[Found & Record<keyof MemoryChange, string | null>]>(`
      UPDATE memory SET content = COALESCE(:content, content), category = COALESCE(:category, category),
        updated_at = :at WHERE ${byId}`);
    this.#delete = database.prepare<[Found]>(`DELETE FROM memory WHERE ${byId}`);
  }

  /** All of it is written, or nothing. */
  together<T>(act: () => T): T {
    return this.#database.transaction(act).immediate();
  }

  /** @returns the new row's id; undefined when the bot has that key already */
  add(memory: NewMemory): number | undefined {
    const { changes, lastInsertRowid } = this.#insert.run(memory);
    return changes === 0 ? undefined : Number(lastInsertRowid);
  }

  /** The one changed last first. @param category only this one; undefined: all */
  list(botId: BotId, category: string | undefined): Memory[] {
    return this.#list.all({ botId, category: category ?? null });
  }

  /** @param botId where to look; undefined: in all bots */
  find(id: number, botId: BotId | undefined): Memory | undefined {
    return this.#find.get({ id, botId: botId ?? null });
  }

  /** @returns whether there is such a memory */
  update(id: number, botId: BotId | undefined, change: MemoryChange): boolean {
    const { content = null, category = null, at } = change;
    return this.#update.run({ id, botId: botId ?? null, content, category, at }).changes === 1;
  }

  /** @returns whether there was such a memory */
  delete(id: number, botId: BotId | undefined): boolean {
    return this.#delete.run({ id, botId: botId ?? null }).changes === 1;
  }
}
