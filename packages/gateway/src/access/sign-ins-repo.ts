import type { Database } from '../db/database.ts';

/** A browser that is signed in, as stored. */
export interface SignInRow {
  readonly id: number;
  /** Null: by a link of this machine. */
  readonly token_id: number | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
}

export interface NewSignIn {
  readonly digest: Buffer;
  readonly tokenId: number | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

const columns = 'id, token_id, created_at_ms, expires_at_ms';

/** The table of browsers that are signed in. */
export class SignInsRepo {
  readonly #insert;
  readonly #find;
  readonly #list;
  readonly #delete;

  constructor(database: Database) {
    this.#insert = database.prepare<[NewSignIn], SignInRow>(`
      INSERT INTO sign_ins (digest, token_id, created_at_ms, expires_at_ms)
      VALUES (:digest, :tokenId, :createdAtMs, :expiresAtMs) RETURNING ${columns}`);
    this.#find = database.prepare<[Buffer], SignInRow>(
      `SELECT ${columns} FROM sign_ins WHERE digest = ?`,
    );
    this.#list = database.prepare<[], SignInRow>(
      `SELECT ${columns} FROM sign_ins ORDER BY id DESC`,
    );
    this.#delete = database.prepare<[number]>('DELETE FROM sign_ins WHERE id = ?');
  }

  /** @returns the new row */
  insert(signIn: NewSignIn): SignInRow {
    const row = this.#insert.get(signIn);
    if (row === undefined) throw new Error('a sign-in was not inserted');
    return row;
  }

  find(digest: Buffer): SignInRow | undefined {
    return this.#find.get(digest);
  }

  /** Newest first. */
  list(): SignInRow[] {
    return this.#list.all();
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
