import type { Migration } from './migration.ts';

/**
 * Each step of an issue's work is a state of its own, with what it brought, so that a death goes on at that step. What
 * was at work before began without it, and is told as failed.
 */
export const awaySteps: Migration = {
  version: 25,
  sql: `
    ALTER TABLE away_issues RENAME TO away_issues_before;
    DROP INDEX away_issues_open;
    DROP INDEX away_issues_by_chat;
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
      -- What the owner's list says of commands and limits, as JSON.
      settings TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'preparing', 'running', 'staging', 'testing', 'committing',
        'pushing', 'proposing', 'done', 'failed', 'skipped')),
      task_id TEXT REFERENCES tasks(id),
      -- What the branch began with; set before the branch is made, so that one that is found then is ours.
      base_commit TEXT,
      tree TEXT,
      commit_id TEXT,
      -- Why the work did not come to its end; null: it did.
      unfinished TEXT,
      -- What came of the repository's tests, in words.
      tests TEXT,
      pr_url TEXT,
      error TEXT,
      -- There is a worktree, or may be one.
      worktree INTEGER NOT NULL DEFAULT 0,
      -- 1: the owner has been told of it in a roundup. 2: that absence is over.
      rounded_up INTEGER NOT NULL DEFAULT 0,
      queued_at_ms INTEGER NOT NULL,
      ended_at_ms INTEGER
    );
    INSERT INTO away_issues (seq, bot_id, chat_id, repo, number, title, body, branch, base, clone, settings, state,
        task_id, pr_url, error, rounded_up, queued_at_ms, ended_at_ms)
      SELECT seq, bot_id, chat_id, repo, number, title, body, branch, base, clone, '{}',
        CASE WHEN state IN ('queued', 'running', 'publishing') THEN 'failed' ELSE state END, task_id, pr_url,
        CASE WHEN state IN ('queued', 'running', 'publishing')
          THEN 'the gateway was updated meanwhile' ELSE error END,
        rounded_up * 2, 0, 0
      FROM away_issues_before;
    DROP TABLE away_issues_before;
    CREATE UNIQUE INDEX away_issues_open ON away_issues(repo COLLATE NOCASE, number)
      WHERE state NOT IN ('done', 'failed', 'skipped');
    CREATE INDEX away_issues_by_chat ON away_issues(bot_id, chat_id, seq);
    CREATE INDEX away_issues_worktree ON away_issues(seq) WHERE worktree = 1;`,
};
