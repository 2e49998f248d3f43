import type { Migration } from './migration.ts';

/** Background tasks, the steps that they consist of, and what conversations were told beside messages. */
export const tasks: Migration = {
  version: 12,
  sql: `
    CREATE TABLE tasks (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      message TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN
        ('running', 'waiting', 'completed', 'blocked', 'incomplete', 'failed', 'stopped', 'superseded')),
      -- Where it works; null: where its chat does.
      directory TEXT,
      harness_directory TEXT,
      result TEXT,
      error_code TEXT,
      started_at_ms INTEGER NOT NULL,
      finished_at_ms INTEGER,
      -- The chat's main conversation knows how it ended.
      told INTEGER NOT NULL DEFAULT 0,
      -- Its harness has ended, and is to be archived.
      archive_owed INTEGER NOT NULL DEFAULT 0,
      -- The conversation that it belongs to has ended.
      forgotten INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX tasks_open ON tasks(bot_id, chat_id, project_id) WHERE state IN ('running', 'waiting');
    CREATE INDEX tasks_by_chat ON tasks(bot_id, chat_id, seq);
    CREATE INDEX tasks_archive_owed ON tasks(seq) WHERE archive_owed = 1;

    -- Each is a turn, or will be one. A chain goes on from its last step, whenever the gateway died.
    CREATE TABLE task_steps (
      task_seq INTEGER NOT NULL REFERENCES tasks(seq),
      n INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('message', 'batch', 'decompose', 'retry')),
      prompt TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'ended', 'dropped')),
      due_at_ms INTEGER NOT NULL,
      turn_id TEXT UNIQUE REFERENCES turns(id),
      -- How far the harness was when the step was planned; null: there was no list of tasks.
      total_before INTEGER,
      done_before INTEGER,
      blocked_before INTEGER,
      progressed INTEGER,
      PRIMARY KEY (task_seq, n)
    ) WITHOUT ROWID;
    CREATE INDEX task_steps_waiting ON task_steps(task_seq) WHERE state = 'waiting';

    CREATE TABLE away_issues (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      repo TEXT NOT NULL,
      number INTEGER NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      branch TEXT NOT NULL,
      base TEXT NOT NULL,
      clone TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'publishing', 'done', 'failed', 'skipped')),
      task_id TEXT REFERENCES tasks(id),
      pr_url TEXT,
      error TEXT,
      -- The owner has been told of it in a roundup, after its end.
      rounded_up INTEGER NOT NULL DEFAULT 0
    );
    -- Nobody works on an issue that somebody else is at: its branch and its worktree are the same.
    CREATE UNIQUE INDEX away_issues_open ON away_issues(repo, number)
      WHERE state IN ('queued', 'running', 'publishing');
    CREATE INDEX away_issues_by_chat ON away_issues(bot_id, chat_id) WHERE rounded_up = 0;

    CREATE TABLE told_contexts (
      bot_id TEXT NOT NULL,
      chat_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      piece TEXT NOT NULL,
      -- Claude's conversation; null: it began with the turn that was told.
      conversation_id TEXT,
      digest TEXT NOT NULL,
      PRIMARY KEY (bot_id, chat_id, lane, piece)
    ) WITHOUT ROWID;`,
};
