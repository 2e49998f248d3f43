import Sqlite from 'better-sqlite3';
import { load } from 'sqlite-vec';

/** Versions of the old system's schema. */
export const oldVersions = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type OldVersion = (typeof oldVersions)[number];

/** Columns that came with that version; in files of earlier ones they are missing. */
const from = (version: number, since: number, column: string): string =>
  version >= since ? `, ${column}` : '';

const bot = "bot_id TEXT NOT NULL DEFAULT 'default'";

const tablesOf = (v: OldVersion): string => `
  CREATE TABLE _schema_version (version INTEGER PRIMARY KEY);
  CREATE TABLE chat_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')), content TEXT NOT NULL,
    source TEXT DEFAULT 'telegram', telegram_chat_id INTEGER, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
    ${from(v, 6, bot)} ${from(v, 7, 'user_id TEXT, username TEXT')});
  CREATE INDEX idx_chat_session ON chat_messages(session_id);
  CREATE TABLE cron_jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
    cron_expression TEXT NOT NULL, command TEXT NOT NULL, job_type TEXT DEFAULT 'shell',
    enabled INTEGER DEFAULT 1, last_run_at TIMESTAMP, last_result TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
    ${from(v, 2, 'timezone TEXT')} ${from(v, 6, bot)});
  CREATE TABLE memory (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, content TEXT NOT NULL,
    category TEXT DEFAULT 'general', created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ${from(v, 6, bot)});
  ${v < 3 ? '' : sessionsTable(v)}
  ${v < 4 ? '' : runsTable}`;

const sessionsTable = (v: OldVersion): string => `
  CREATE TABLE gateway_sessions (
    ${v < 5 ? 'chat_id TEXT PRIMARY KEY' : `${bot}, chat_id TEXT NOT NULL`},
    cwd TEXT NOT NULL, first_done INTEGER DEFAULT 0, busy INTEGER DEFAULT 0, last_active REAL NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
    ${from(v, 8, 'nirmana_mode INTEGER DEFAULT 0, nirmana_activated_at REAL DEFAULT 0')}
    ${v < 5 ? '' : ', PRIMARY KEY (bot_id, chat_id)'});`;

const runsTable = `
  CREATE TABLE cron_job_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL,
    started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP, result TEXT, success INTEGER DEFAULT 1,
    FOREIGN KEY (job_id) REFERENCES cron_jobs(id) ON DELETE CASCADE);
  CREATE INDEX idx_cron_runs_job ON cron_job_runs(job_id);`;

/** What a file is filled with. */
export interface OldContent {
  /** How many messages: user and assistant in turn. */
  readonly messages: number;
  /** How many of them have a vector. */
  readonly vectors: number;
  /** Directory of the one chat, from version 3 on. */
  readonly directory: string;
}

/**
 * Make a database as the old system of that version left it: a chat, a memory, a job whose days are counted from
 * Monday, and from version 4 on a run of it.
 */
export function makeOldVersion(path: string, version: OldVersion, content: OldContent): void {
  const database = new Sqlite(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = OFF');
  database.pragma('foreign_keys = OFF');
  load(database);
  database.exec(tablesOf(version));
  database.exec(`
    CREATE VIRTUAL TABLE chat_embeddings USING vec0(message_id INTEGER PRIMARY KEY, embedding FLOAT[768]);
    CREATE VIRTUAL TABLE memory_embeddings USING vec0(memory_id INTEGER PRIMARY KEY, embedding FLOAT[768]);`);
  for (let each = 1; each <= version; each += 1)
    database.prepare('INSERT INTO _schema_version VALUES (?)').run(each);
  database.transaction(() => fill(database, version, content))();
  database.close();
}

function fill(
  database: Sqlite.Database,
  version: OldVersion,
  { messages, vectors, directory }: OldContent,
): void {
  const say = database.prepare(
    `INSERT INTO chat_messages (session_id, role, content, telegram_chat_id, created_at)
     VALUES ('gw-default-42', ?, ?, 42, datetime(1735787045 + ?, 'unixepoch'))`,
  );
  const embed = database.prepare('INSERT INTO chat_embeddings VALUES (?, ?)');
  for (let n = 1; n <= messages; n += 1) {
    say.run(n % 2 === 1 ? 'user' : 'assistant', `message ${n}`, n);
    if (n <= vectors) embed.run(BigInt(n), vectorOf(n));
  }
  database.exec(`
    INSERT INTO memory (key, content, created_at, updated_at)
      VALUES ('birthday', 'May 5', '2024-11-01T10:00:00+00:00', '2024-11-01T10:00:00+00:00');
    INSERT INTO cron_jobs (name, cron_expression, command) VALUES ('news', '30 7 * * 0-4', 'true');`);
  database.prepare('INSERT INTO memory_embeddings VALUES (1, ?)').run(vectorOf(1));
  if (version >= 4)
    database.exec(
      "INSERT INTO cron_job_runs (job_id, started_at, finished_at, result) VALUES (1, '2025-01-02T07:30:00+00:00', '2025-01-02T07:30:01+00:00', 'ok')",
    );
  if (version >= 3)
    database
      .prepare(
        "INSERT INTO gateway_sessions (chat_id, cwd, first_done, busy, last_active) VALUES ('42', ?, 1, 1, 1735787045.25)",
      )
      .run(directory);
  if (version >= 7)
    database.exec("UPDATE chat_messages SET user_id = '7', username = 'ann' WHERE id = 1");
  if (version >= 8)
    database.exec(
      'UPDATE gateway_sessions SET nirmana_mode = 1, nirmana_activated_at = 1735787000.5',
    );
}

const vectorOf = (n: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: 768 }, (_, i) => Math.sin(n * (i + 1))).buffer);
