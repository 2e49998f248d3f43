/** One step of the schema. The number is what `_schema_version` says afterwards. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** The version that the old system left its files at. Such a file goes on from here as it is. */
export const adoptedVersion = 8;

/**
 * The steps in order. The first makes in a new file what the old system's files have, so that there is
 * one line of versions for both.
 */
export const migrations: readonly Migration[] = [
  {
    version: adoptedVersion,
    sql: `
      CREATE TABLE chat_messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL,
        role TEXT NOT NULL,
        content TEXT NOT NULL,
        source TEXT NOT NULL DEFAULT 'telegram',
        telegram_chat_id INTEGER,
        user_id TEXT,
        username TEXT,
        created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
        bot_id TEXT NOT NULL DEFAULT 'default'
      );
      CREATE TABLE cron_jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        cron_expression TEXT NOT NULL,
        command TEXT NOT NULL,
        job_type TEXT NOT NULL DEFAULT 'shell',
        enabled INTEGER NOT NULL DEFAULT 1,
        last_run_at TEXT,
        last_result TEXT,
        timezone TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        bot_id TEXT NOT NULL DEFAULT 'default'
      );
      CREATE TABLE cron_job_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL REFERENCES cron_jobs(id) ON DELETE CASCADE,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        result TEXT,
        success INTEGER
      );
      CREATE TABLE memory (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        content TEXT NOT NULL,
        category TEXT NOT NULL DEFAULT 'general',
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        bot_id TEXT NOT NULL DEFAULT 'default',
        UNIQUE (bot_id, key)
      );
      CREATE TABLE gateway_sessions (
        bot_id TEXT NOT NULL,
        chat_id TEXT NOT NULL,
        cwd TEXT NOT NULL,
        first_done INTEGER NOT NULL DEFAULT 0,
        busy INTEGER NOT NULL DEFAULT 0,
        last_active REAL NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
        nirmana_mode INTEGER NOT NULL DEFAULT 0,
        nirmana_activated_at REAL NOT NULL DEFAULT 0,
        PRIMARY KEY (bot_id, chat_id)
      );`,
  },
  {
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
  },
];
