import type { Migration } from './migration.ts';

/** Deliveries to chats, the messages that they consist of, and what they are sent with. */
export const outbox: Migration = {
  version: 13,
  sql: `
    CREATE TABLE deliveries (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      source_kind TEXT NOT NULL,
      source_id TEXT NOT NULL,
      text TEXT NOT NULL,
      format TEXT NOT NULL CHECK (format IN ('markdown', 'plain')),
      state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'delivered', 'dead')),
      reason TEXT,
      detail TEXT,
      -- Where the group has moved to since: Telegram gives a group another id when it becomes a supergroup.
      moved_to TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before_ms INTEGER NOT NULL DEFAULT 0,
      created_at_ms INTEGER NOT NULL,
      finished_at_ms INTEGER
    );
    CREATE INDEX deliveries_open ON deliveries(bot_id, chat_id, seq) WHERE state IN ('queued', 'sending');
    CREATE INDEX deliveries_by_chat ON deliveries(bot_id, chat_id, seq);
    CREATE INDEX deliveries_dead ON deliveries(bot_id, reason) WHERE state = 'dead';

    -- The messages of a delivery. They are fixed before the first is sent: what has arrived stays arrived.
    CREATE TABLE delivery_parts (
      delivery_seq INTEGER NOT NULL REFERENCES deliveries(seq) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('text', 'document')),
      text TEXT NOT NULL,
      entities TEXT NOT NULL,
      plain INTEGER NOT NULL DEFAULT 0,
      state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'delivered')),
      message_id INTEGER,
      maybe_duplicate INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (delivery_seq, n)
    );

    CREATE TABLE bot_tokens (
      bot_id TEXT PRIMARY KEY,
      sealed TEXT NOT NULL,
      updated_at_ms INTEGER NOT NULL
    );

    -- Messages that show how a long task gets on. ending: to be taken away, once the delivery ended_by has
    -- arrived, or at once where there is none. What has ended stays noted: a late call begins no new message.
    CREATE TABLE progress_messages (
      ref TEXT PRIMARY KEY,
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      message_id INTEGER,
      state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'ending', 'ended')),
      ended_by TEXT
    );
    CREATE INDEX progress_ending ON progress_messages(ended_by) WHERE state = 'ending';`,
};
