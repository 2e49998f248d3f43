import Sqlite from 'better-sqlite3';

/** The tables of the old system at version 8, as it made them: the order of columns differs from ours. */
const tables = `
  CREATE TABLE _schema_version (version INTEGER PRIMARY KEY, applied_at TEXT DEFAULT CURRENT_TIMESTAMP);
  CREATE TABLE chat_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, role TEXT NOT NULL,
    content TEXT NOT NULL, source TEXT DEFAULT 'telegram', telegram_chat_id INTEGER,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP, user_id TEXT, username TEXT,
    bot_id TEXT NOT NULL DEFAULT 'default');
  CREATE INDEX idx_chat_session ON chat_messages(session_id);
  CREATE TABLE cron_jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, cron_expression TEXT NOT NULL,
    command TEXT NOT NULL, job_type TEXT NOT NULL, enabled INTEGER DEFAULT 1, last_run_at TEXT,
    last_result TEXT, timezone TEXT, created_at TEXT, updated_at TEXT,
    bot_id TEXT NOT NULL DEFAULT 'default');
  CREATE TABLE cron_job_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL, started_at TEXT NOT NULL,
    finished_at TEXT, result TEXT, success INTEGER,
    FOREIGN KEY (job_id) REFERENCES cron_jobs(id) ON DELETE CASCADE);
  CREATE TABLE memory (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, content TEXT NOT NULL,
    category TEXT DEFAULT 'general', created_at TEXT, updated_at TEXT,
    bot_id TEXT NOT NULL DEFAULT 'default', UNIQUE (bot_id, key));
  CREATE TABLE gateway_sessions (
    bot_id TEXT NOT NULL DEFAULT 'default', chat_id TEXT NOT NULL, cwd TEXT NOT NULL,
    first_done INTEGER NOT NULL DEFAULT 0, busy INTEGER NOT NULL DEFAULT 0,
    last_active REAL NOT NULL, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
    nirmana_mode INTEGER NOT NULL DEFAULT 0, nirmana_activated_at REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (bot_id, chat_id));`;

const rows = `
  INSERT INTO _schema_version (version) VALUES (1), (2), (3), (4), (5), (6), (7), (8);
  INSERT INTO chat_messages (session_id, role, content, telegram_chat_id, created_at, user_id, username, bot_id)
    VALUES ('gw-hero--100123', 'user', '你好 😀', -100123, '2025-01-02 03:04:05', '42', 'ann', 'hero');
  INSERT INTO chat_messages (session_id, role, content, source, telegram_chat_id, created_at, bot_id)
    VALUES ('gw-hero--100123', 'assistant', '[ERROR] no', 'error', -100123, '2025-01-02 03:04:09', 'hero');
  INSERT INTO chat_messages (session_id, role, content, source, created_at, bot_id)
    VALUES ('notes', 'user', 'by hand', 'web', '2025-01-03 00:00:00', 'default');
  INSERT INTO cron_jobs VALUES (7, 'backup', '0 3 * * *', 'tar cf x y', 'shell', 1,
    '2025-01-02T03:00:00+00:00', 'ok', 'Europe/Berlin', '2024-12-01T00:00:00+00:00', '2024-12-01T00:00:00+00:00', 'hero');
  INSERT INTO cron_job_runs VALUES (1, 7, '2025-01-02T03:00:00+00:00', '2025-01-02T03:00:02+00:00', 'ok', 1);
  -- A run of a job that was deleted while foreign keys were not enforced.
  INSERT INTO cron_job_runs VALUES (2, 99, '2025-01-01T03:00:00+00:00', NULL, NULL, 0);
  INSERT INTO memory VALUES (1, 'birthday', 'May 5', 'people', '2024-11-01T10:00:00+00:00', '2024-11-01T10:00:00+00:00', 'hero');
  INSERT INTO gateway_sessions VALUES ('hero', '-100123', '/home/x/claude-gateway-sessions/hero/-100123',
    1, 1, 1735787045.25, '2025-01-01 00:00:00', 1, 1735787000.5);`;

/** A vec0 table as the file has it: an entry of the schema, and the ordinary tables that it keeps its data in. */
const vectorTable = (name: string, id: string): string => `
  INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', '${name}', '${name}', 0,
    'CREATE VIRTUAL TABLE ${name} USING vec0(${id} INTEGER PRIMARY KEY, embedding FLOAT[768])');
  CREATE TABLE "${name}_chunks" (chunk_id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL,
    validity BLOB NOT NULL, rowids BLOB NOT NULL);
  CREATE TABLE "${name}_rowids" (rowid INTEGER PRIMARY KEY AUTOINCREMENT, id, chunk_id INTEGER, chunk_offset INTEGER);
  CREATE TABLE "${name}_vector_chunks00" (rowid PRIMARY KEY, vectors BLOB NOT NULL);
  INSERT INTO "${name}_chunks" VALUES (1, 1024, zeroblob(128), zeroblob(8192));
  INSERT INTO "${name}_rowids" VALUES (1, NULL, 1, 0);
  INSERT INTO "${name}_vector_chunks00" VALUES (1, randomblob(3072));`;

/** Make a database file as the old system leaves it, at its last version. */
export function makeOldSystemFile(path: string): void {
  const database = new Sqlite(path);
  database.pragma('journal_mode = WAL');
  // The old system did not enforce references.
  database.pragma('foreign_keys = OFF');
  database.exec(tables);
  database.exec(rows);
  database.unsafeMode(true);
  database.pragma('writable_schema = ON');
  database.exec(vectorTable('chat_embeddings', 'message_id'));
  database.exec(vectorTable('memory_embeddings', 'memory_id'));
  database.close();
}
