import type { Migration } from './migration.ts';

/** Tokens by which callers are known. */
export const access: Migration = {
  version: 10,
  sql: `
    CREATE TABLE access_tokens (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      -- SHA-256 of the token, which itself is kept nowhere. One that was revoked is never taken again.
      digest BLOB NOT NULL UNIQUE,
      -- The only bot that it is for; null: all.
      bot_id TEXT,
      created_at_ms INTEGER NOT NULL,
      expires_at_ms INTEGER,
      revoked_at_ms INTEGER
    );
    CREATE UNIQUE INDEX access_tokens_by_name ON access_tokens(name) WHERE revoked_at_ms IS NULL;`,
};
