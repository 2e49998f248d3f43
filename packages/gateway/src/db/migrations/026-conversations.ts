import type { Migration } from './migration.ts';

/** Of one conversation, from its messages: for what changes more than its end. */
const countAnew = (row: 'NEW' | 'OLD'): string => `
  DELETE FROM conversations WHERE session_id = ${row}.session_id AND bot_id = ${row}.bot_id;
  INSERT INTO conversations SELECT session_id, bot_id, count(*), max(id), min(created_at), max(created_at)
    FROM chat_messages WHERE session_id = ${row}.session_id AND bot_id = ${row}.bot_id GROUP BY session_id, bot_id;`;

/**
 * A row for each conversation of the chat history, kept by triggers: a list of them costs what it is long, not what
 * was ever said in them.
 */
export const conversations: Migration = {
  version: 26,
  sql: `
    CREATE TABLE conversations (
      session_id TEXT NOT NULL,
      bot_id TEXT NOT NULL,
      message_count INTEGER NOT NULL,
      last_message_id INTEGER NOT NULL,
      -- The earliest and the latest time of a message. The old system's files allow messages without one.
      started_at TEXT,
      last_message_at TEXT,
      PRIMARY KEY (session_id, bot_id)
    ) WITHOUT ROWID;
    INSERT INTO conversations SELECT session_id, bot_id, count(*), max(id), min(created_at), max(created_at)
      FROM chat_messages GROUP BY session_id, bot_id;

    CREATE TRIGGER conversation_grows AFTER INSERT ON chat_messages BEGIN
      INSERT INTO conversations VALUES (NEW.session_id, NEW.bot_id, 1, NEW.id, NEW.created_at, NEW.created_at)
      ON CONFLICT (session_id, bot_id) DO UPDATE SET
        message_count = message_count + 1,
        last_message_id = max(last_message_id, excluded.last_message_id),
        started_at = min(coalesce(started_at, excluded.started_at), coalesce(excluded.started_at, started_at)),
        last_message_at =
          max(coalesce(last_message_at, excluded.last_message_at), coalesce(excluded.last_message_at, last_message_at));
    END;
    CREATE TRIGGER conversation_changes AFTER UPDATE OF id, session_id, bot_id, created_at ON chat_messages BEGIN
      ${countAnew('OLD')}
      ${countAnew('NEW')}
    END;
    CREATE TRIGGER conversation_shrinks AFTER DELETE ON chat_messages BEGIN
      ${countAnew('OLD')}
    END;`,
};
