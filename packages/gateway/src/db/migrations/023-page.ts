import type { Migration } from './migration.ts';

/** Who is signed in to the owner's page. */
export const page: Migration = {
  version: 23,
  sql: `
    -- Browsers that are signed in.
    CREATE TABLE sign_ins (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      -- SHA-256 of what the cookie has, which itself is kept nowhere.
      digest BLOB NOT NULL UNIQUE,
      -- It ends with that token; null: by a link that was made on this machine, as the owner.
      token_id INTEGER REFERENCES access_tokens(id),
      created_at_ms INTEGER NOT NULL,
      expires_at_ms INTEGER NOT NULL
    );
    CREATE INDEX sign_ins_by_token ON sign_ins(token_id);`,
};
