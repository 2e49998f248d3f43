import type { Migration } from './migration.ts';

/** Claude's usage, as its transcripts tell it, which conversations were this gateway's, and its own jobs. */
export const usage: Migration = {
  version: 17,
  sql: `
    -- How far each transcript was read; see TranscriptProgress.
    CREATE TABLE usage_files (
      path TEXT PRIMARY KEY,
      identity TEXT NOT NULL,
      size INTEGER NOT NULL,
      modified_ms REAL NOT NULL,
      position INTEGER NOT NULL,
      mark TEXT NOT NULL,
      broken_lines INTEGER NOT NULL
    ) WITHOUT ROWID;

    -- Requests and prompts that were counted, by their ids: copies of a conversation repeat them.
    CREATE TABLE usage_seen (
      id TEXT PRIMARY KEY,
      total_id INTEGER NOT NULL,
      input INTEGER NOT NULL,
      output INTEGER NOT NULL,
      cache_read INTEGER NOT NULL,
      cache_write_5m INTEGER NOT NULL,
      cache_write_1h INTEGER NOT NULL
    ) WITHOUT ROWID;

    -- Their sums: of a session, in a quarter of an hour (Unix milliseconds / 900,000), by model. Prompts have
    -- the model ''. long: requests that sent more than 100,000 tokens, which cost more with some models.
    CREATE TABLE usage_totals (
      id INTEGER PRIMARY KEY,
      session_id TEXT NOT NULL,
      quarter INTEGER NOT NULL,
      model TEXT NOT NULL,
      long INTEGER NOT NULL,
      events INTEGER NOT NULL DEFAULT 0,
      input INTEGER NOT NULL DEFAULT 0,
      output INTEGER NOT NULL DEFAULT 0,
      cache_read INTEGER NOT NULL DEFAULT 0,
      cache_write_5m INTEGER NOT NULL DEFAULT 0,
      cache_write_1h INTEGER NOT NULL DEFAULT 0,
      context_max INTEGER NOT NULL DEFAULT 0,
      UNIQUE (session_id, quarter, model, long)
    );

    -- Which conversation of Claude's a turn was a part of. Of turns from before, as far as it is known.
    ALTER TABLE turns ADD COLUMN claude_session_id TEXT;
    UPDATE turns SET claude_session_id = (
      SELECT s.claude_session_id FROM gateway_sessions s
      WHERE s.bot_id = turns.bot_id AND s.chat_id = turns.chat_id) WHERE lane = 'main';
    UPDATE turns SET claude_session_id = (
      SELECT s.claude_session_id FROM lane_sessions s
      WHERE s.bot_id = turns.bot_id AND s.chat_id = turns.chat_id AND s.lane = turns.lane) WHERE lane <> 'main';
    -- What the gateway has made jobs for: one that its owner deleted is not made again.
    CREATE TABLE cron_own_jobs (command TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE INDEX turns_cost ON turns(claude_session_id, finished_at_ms, cost_usd) WHERE cost_usd IS NOT NULL;`,
};
