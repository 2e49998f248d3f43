import type { BotId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A token as stored. */
export interface TokenRow {
  readonly id: number;
  readonly name: string;
  readonly digest: Buffer;
  readonly bot_id: BotId | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

export interface NewToken {
  readonly name: string;
  readonly digest: Buffer;
  readonly botId: BotId | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
}

const columns = 'id, name, digest, bot_id, created_at_ms, expires_at_ms, revoked_at_ms';

/** The table of tokens. */
export class TokensRepo {
  readonly #insert;
  readonly #list;
  readonly #findByName;
  readonly #hasDigest;
  readonly #revoke;

  constructor(database: Database) {
    this.#insert = database.prepare<[NewToken], TokenRow>(`
      INSERT INTO access_tokens (name, digest, bot_id, created_at_ms, expires_at_ms)
      VALUES (:name, :digest, :botId, :createdAtMs, :expiresAtMs) RETURNING ${columns}`);
    this.#list = database.prepare<[], TokenRow>(
      `SELECT ${columns} FROM access_tokens ORDER BY id DESC`,
    );
    this.#findByName = database.prepare<[string], TokenRow>(
      `SELECT ${columns} FROM access_tokens WHERE name = ? AND revoked_at_ms IS NULL`,
    );
    this.#hasDigest = database.prepare<[Buffer]>('SELECT 1 FROM access_tokens WHERE digest = ?');
    this.#revoke = database.prepare<[{ id: number; at: number }], TokenRow>(
      `UPDATE access_tokens SET revoked_at_ms = :at WHERE id = :id RETURNING ${columns}`,
    );
  }

  /** @returns the new row */
  insert(token: NewToken): TokenRow {
    const row = this.#insert.get(token);
    if (row === undefined) throw new Error('a token was not inserted');
    return row;
  }

  /** Newest first. */
  list(): TokenRow[] {
    return this.#list.all();
  }

  /** The one that was not revoked: a name may be used again afterwards. */
  findByName(name: string): TokenRow | undefined {
    return this.#findByName.get(name);
  }

  hasDigest(digest: Buffer): boolean {
    return this.#hasDigest.get(digest) !== undefined;
  }

  /** @returns the row as it is now */
  revoke(id: number, at: number): TokenRow | undefined {
    return this.#revoke.get({ id, at });
  }
}
