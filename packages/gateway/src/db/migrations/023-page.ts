import type { Migration } from './migration.ts';

/** What the owner's page needs: who is signed in, what was read, and what Claude did in a turn. */
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
    CREATE INDEX sign_ins_by_token ON sign_ins(token_id);

    -- How far somebody has read. What was there before counts as read.
    CREATE TABLE chat_reads (
      session_id TEXT NOT NULL,
      bot_id TEXT NOT NULL,
      message_id INTEGER NOT NULL,
      PRIMARY KEY (session_id, bot_id)
    ) WITHOUT ROWID;
    INSERT INTO chat_reads (session_id, bot_id, message_id)
      SELECT session_id, bot_id, MAX(id) FROM chat_messages GROUP BY session_id, bot_id;

    -- What Claude thought and which tools it used in a turn, in short; no row: neither.
    CREATE TABLE turn_traces (
      turn_seq INTEGER PRIMARY KEY REFERENCES turns(seq),
      thinking TEXT NOT NULL,
      -- A JSON array of {name, content}.
      tools TEXT NOT NULL
    );
    CREATE INDEX turns_by_question ON turns(user_message_id);
    CREATE INDEX turns_by_answer ON turns(answer_message_id) WHERE answer_message_id IS NOT NULL;`,
};
