import type { Migration } from './migration.ts';

/** Conversations of Claude's that can be resumed, and the journal of turns. */
export const turns: Migration = {
  version: 9,
  sql: `
    ALTER TABLE gateway_sessions ADD COLUMN claude_session_id TEXT;
    -- US dollars that the CLI has counted for this conversation: a turn's cost is the difference.
    ALTER TABLE gateway_sessions ADD COLUMN claude_cost_usd REAL NOT NULL DEFAULT 0;

    CREATE TABLE turns (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      origin TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN
        ('queued', 'running', 'completed', 'failed', 'stopped', 'interrupted', 'expired', 'refused')),
      user_message_id INTEGER NOT NULL REFERENCES chat_messages(id),
      answer_message_id INTEGER REFERENCES chat_messages(id),
      error_code TEXT,
      -- The reader went away before the end: the same message again asks for this turn's answer.
      reader_lost INTEGER NOT NULL DEFAULT 0,
      idempotency_key TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      queued_at_ms INTEGER NOT NULL,
      started_at_ms INTEGER,
      finished_at_ms INTEGER,
      input_tokens INTEGER,
      output_tokens INTEGER,
      cache_read_tokens INTEGER,
      cache_creation_tokens INTEGER,
      cost_usd REAL
    );
    CREATE INDEX turns_unfinished ON turns(seq) WHERE state IN ('queued', 'running');
    CREATE INDEX turns_reader_lost ON turns(bot_id, chat_id) WHERE reader_lost = 1;
    CREATE UNIQUE INDEX turns_by_key ON turns(bot_id, chat_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
    CREATE INDEX turns_by_chat ON turns(bot_id, chat_id, seq);
    CREATE INDEX IF NOT EXISTS chat_messages_by_session ON chat_messages(session_id, bot_id, id);`,
};
