import type { Migration } from './migration.ts';

/** The version that the old system left its files at. Such a file goes on from here as it is. */
export const adoptedVersion = 8;

/** What the old system's files have, made in a new one: there is one line of versions for both. */
export const oldSystem: Migration = {
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
};
