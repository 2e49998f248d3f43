import type { BotId, ChatId, ChatKey, TaskId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import { type RepoSettings, readSettings } from './repo-list.ts';

/**
 * The steps of an issue's work, in order. queued: it waits. preparing: its branch and worktree are made. running: its
 * task is at it. staging: what was changed is looked at. testing: the repository's tests run. committing, pushing and
 * proposing: what there is becomes a commit, is pushed, and gets its pull request.
 */
export const workSteps = [
  'queued',
  'preparing',
  'running',
  'staging',
  'testing',
  'committing',
  'pushing',
  'proposing',
] as const;
export type WorkStep = (typeof workSteps)[number];
/** skipped: the owner came back before it began. */
export type IssueState = WorkStep | 'done' | 'failed' | 'skipped';

/** What a step leaves behind. */
export interface StepResults {
  readonly task_id: TaskId | null;
  /** What the branch began with. */
  readonly base_commit: string | null;
  /** All files as the task left them. */
  readonly tree: string | null;
  readonly commit_id: string | null;
  /** Why the work did not come to its end; null: it did. */
  readonly unfinished: string | null;
  /** What came of the repository's tests, in words. */
  readonly tests: string | null;
  /** 1: there is a worktree, or may be one. */
  readonly worktree: 0 | 1;
}

export interface AwayIssueRow extends StepResults {
  readonly seq: number;
  readonly bot_id: BotId;
  readonly chat_id: ChatId;
  readonly repo: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly base: string;
  /** The owner's clone. */
  readonly clone: string;
  readonly settings: RepoSettings;
  readonly state: IssueState;
  readonly pr_url: string | null;
  readonly error: string | null;
  readonly queued_at_ms: number;
  readonly ended_at_ms: number | null;
}

export interface NewAwayIssue
  extends Pick<
    AwayIssueRow,
    'repo' | 'number' | 'title' | 'body' | 'branch' | 'base' | 'clone' | 'settings'
  > {
  readonly chat: ChatKey;
}

/** How an issue ended. */
export type IssueEnd =
  | { readonly state: 'done'; readonly prUrl: string; readonly error: string | null }
  | { readonly state: 'failed'; readonly prUrl: null; readonly error: string };

type Stored = Omit<AwayIssueRow, 'settings'> & { readonly settings: string };
type Bound = Record<string, string | number | null>;

const columns: readonly (keyof StepResults)[] = [
  'task_id',
  'base_commit',
  'tree',
  'commit_id',
  'unfinished',
  'tests',
  'worktree',
];
const open = "state NOT IN ('done', 'failed', 'skipped')";
const ofChat = 'bot_id = :botId AND chat_id = :chatId';

/** Issues that are worked on while owners are away. */
export class AwayIssuesRepo {
  readonly #insert;
  readonly #isTried;
  readonly #find;
  readonly #open;
  readonly #ofTask;
  readonly #ofAbsence;
  readonly #list;
  readonly #advance;
  readonly #end;
  readonly #skip;
  readonly #endChat;
  readonly #roundUp;
  readonly #endAbsence;
  readonly #leftWorktrees;
  readonly #putAway;
  readonly #now;

  constructor(database: Database, now: () => number) {
    this.#now = now;
    this.#insert = database.prepare<[Bound]>(`
      INSERT INTO away_issues
        (bot_id, chat_id, repo, number, title, body, branch, base, clone, settings, state, queued_at_ms)
      VALUES (:botId, :chatId, :repo, :number, :title, :body, :branch, :base, :clone, :settings, 'queued', :now)`);
    this.#isTried = database
      .prepare<[{ repo: string; number: number }], number>(`
        SELECT 1 FROM away_issues
        WHERE repo = :repo COLLATE NOCASE AND number = :number AND state <> 'skipped'`)
      .pluck();
    this.#find = database.prepare<[number], Stored>('SELECT * FROM away_issues WHERE seq = ?');
    this.#open = database.prepare<[], Stored>(
      `SELECT * FROM away_issues WHERE ${open} ORDER BY seq`,
    );
    this.#ofTask = database.prepare<[ChatKey & { project: string }], Stored>(`
      SELECT * FROM away_issues WHERE ${ofChat} AND repo || '#' || number = :project ORDER BY seq DESC LIMIT 1`);
    this.#ofAbsence = database.prepare<[ChatKey], Stored>(
      `SELECT * FROM away_issues WHERE ${ofChat} AND rounded_up < 2 ORDER BY seq`,
    );
    this.#list = database.prepare<[Bound], Stored>(`
      SELECT * FROM away_issues
      WHERE (:botId IS NULL OR bot_id = :botId) AND (:chatId IS NULL OR chat_id = :chatId)
      ORDER BY seq DESC LIMIT :limit`);
    this.#advance = database.prepare<[Bound]>(`
      UPDATE away_issues SET state = :to, ${columns.map((name) => `${name} = :${name}`).join(', ')}
      WHERE seq = :seq AND state = :from`);
    this.#end = database.prepare<[Bound]>(`
      UPDATE away_issues SET state = :state, pr_url = :prUrl, error = :error, ended_at_ms = :now
      WHERE seq = :seq AND ${open}`);
    this.#skip = database.prepare<[ChatKey & { now: number }]>(`
      UPDATE away_issues SET state = 'skipped', ended_at_ms = :now WHERE ${ofChat} AND state = 'queued'`);
    this.#endChat = database.prepare<[ChatKey & { error: string; now: number }]>(`
      UPDATE away_issues SET state = 'failed', error = :error, ended_at_ms = :now WHERE ${ofChat} AND ${open}`);
    this.#roundUp = database.prepare<[ChatKey]>(`
      UPDATE away_issues SET rounded_up = 1 WHERE ${ofChat} AND NOT (${open}) AND rounded_up = 0`);
    this.#endAbsence = database.prepare<[ChatKey]>(
      `UPDATE away_issues SET rounded_up = 2 WHERE ${ofChat} AND rounded_up = 1`,
    );
    this.#leftWorktrees = database.prepare<[], Stored>(
      `SELECT * FROM away_issues WHERE worktree = 1 AND NOT (${open}) ORDER BY seq`,
    );
    this.#putAway = database.prepare<[number]>('UPDATE away_issues SET worktree = 0 WHERE seq = ?');
  }

  insert({ chat, settings, ...issue }: NewAwayIssue): void {
    this.#insert.run({ ...chat, ...issue, settings: JSON.stringify(settings), now: this.#now() });
  }

  /** Somebody works on it, or has tried. One that was skipped was not tried. */
  isTried(repo: string, number: number): boolean {
    return this.#isTried.get({ repo, number }) !== undefined;
  }

  find(seq: number): AwayIssueRow | undefined {
    const stored = this.#find.get(seq);
    return stored && parsed(stored);
  }

  /** What has not ended, of all chats, oldest first. */
  open(): AwayIssueRow[] {
    return this.#open.all().map(parsed);
  }

  /** The newest that a task of that project is for. @param project `owner/name#number` */
  ofTask(chat: ChatKey, project: string): AwayIssueRow | undefined {
    const stored = this.#ofTask.get({ ...chat, project });
    return stored && parsed(stored);
  }

  /** Of the present absence, or the last one. */
  ofAbsence(chat: ChatKey): AwayIssueRow[] {
    return this.#ofAbsence.all(chat).map(parsed);
  }

  /** Newest first. */
  list(botId: BotId | undefined, chatId: ChatId | undefined, limit: number): AwayIssueRow[] {
    return this.#list.all({ botId: botId ?? null, chatId: chatId ?? null, limit }).map(parsed);
  }

  /** The step has been done. @returns false when the issue is not at that step any more */
  advance(row: AwayIssueRow, to: WorkStep, brought: Partial<StepResults>): boolean {
    const { seq, state: from } = row;
    const results = Object.fromEntries(
      columns.map((name) => [name, { ...row, ...brought }[name] ?? null]),
    );
    return this.#advance.run({ ...results, seq, from, to }).changes === 1;
  }

  /** @returns whether it had not ended */
  end(seq: number, { state, prUrl, error }: IssueEnd): boolean {
    return this.#end.run({ seq, state, prUrl, error, now: this.#now() }).changes === 1;
  }

  /** What has not begun of a chat's issues never does. */
  skipQueued(chat: ChatKey): void {
    this.#skip.run({ ...chat, now: this.#now() });
  }

  /** Nothing of a chat's issues is begun, published or told any more. */
  endChat(chat: ChatKey, error: string): void {
    this.skipQueued(chat);
    this.#endChat.run({ ...chat, error, now: this.#now() });
  }

  /** The owner has been told of those that have ended. */
  roundUp(chat: ChatKey): void {
    this.#roundUp.run(chat);
  }

  /** What the owner has been told of is nothing of their next absence. */
  endAbsence(chat: ChatKey): void {
    this.#endAbsence.run(chat);
  }

  /** Issues that have ended, and whose worktree is to be removed. */
  leftWorktrees(): AwayIssueRow[] {
    return this.#leftWorktrees.all().map(parsed);
  }

  /** Its worktree is gone. */
  putAway(seq: number): void {
    this.#putAway.run(seq);
  }
}

const parsed = (stored: Stored): AwayIssueRow => ({
  ...stored,
  settings: readSettings(stored.settings),
});
