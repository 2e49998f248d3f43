import type { Migration } from './migration.ts';

/** Deliveries by mail, beside those to chats. */
export const mail: Migration = {
  version: 20,
  sql: `
    ALTER TABLE deliveries ADD COLUMN channel TEXT NOT NULL DEFAULT 'telegram'
      CHECK (channel IN ('telegram', 'mail'));
    CREATE INDEX deliveries_open_mail ON deliveries(seq)
      WHERE channel = 'mail' AND state IN ('queued', 'sending');

    -- What a delivery by mail consists of. Its text is the delivery's own.
    CREATE TABLE mails (
      delivery_seq INTEGER PRIMARY KEY REFERENCES deliveries(seq) ON DELETE CASCADE,
      -- Given when the mail is written, and the same at each try.
      message_id TEXT NOT NULL UNIQUE,
      sender TEXT NOT NULL,
      -- JSON lists of addresses. accepted: those whose server has taken it.
      recipients TEXT NOT NULL,
      copies TEXT NOT NULL,
      accepted TEXT NOT NULL DEFAULT '[]',
      subject TEXT NOT NULL,
      html TEXT,
      -- Mails of one thread answer each other: JSON list of message ids, the first one first.
      thread TEXT,
      refers_to TEXT NOT NULL,
      -- 1: it may have arrived although nobody has said so.
      doubtful INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX mails_by_thread ON mails(thread, delivery_seq) WHERE thread IS NOT NULL;

    -- Kept until the mail has been taken.
    CREATE TABLE mail_attachments (
      delivery_seq INTEGER NOT NULL REFERENCES mails(delivery_seq) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      content BLOB NOT NULL,
      PRIMARY KEY (delivery_seq, n)
    );`,
};
