import type { Migration } from './migration.ts';

/** Sessions of lanes other than a chat's main one: background tasks, schedules. */
export const laneSessions: Migration = {
  version: 16,
  sql: `
    CREATE TABLE lane_sessions (
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      claude_session_id TEXT,
      -- US dollars that the CLI has counted for this conversation.
      claude_cost_usd REAL NOT NULL DEFAULT 0,
      last_active REAL NOT NULL,
      PRIMARY KEY (bot_id, chat_id, lane)
    );`,
};
