import type { BotId, ChatId, ChatKey, TaskId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/**
 * queued: waits for its turn. running: its task is at it. publishing: its branch is to be pushed. skipped:
 * the owner came back before it began.
 */
export type IssueState = 'queued' | 'running' | 'publishing' | 'done' | 'failed' | 'skipped';

export interface AwayIssueRow {
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
  readonly state: IssueState;
  readonly task_id: TaskId | null;
  readonly pr_url: string | null;
  readonly error: string | null;
}

export type NewAwayIssue = Omit<
  AwayIssueRow,
  'seq' | 'bot_id' | 'chat_id' | 'state' | 'task_id' | 'pr_url' | 'error'
> & { readonly chat: ChatKey };

/** How an issue ended. */
export interface IssueEnd {
  readonly seq: number;
  readonly state: 'done' | 'failed';
  readonly prUrl: string | null;
  readonly error: string | null;
}

/** Issues that are worked on while owners are away. */
export class AwayIssuesRepo {
  readonly #insert;
  readonly #isTaken;
  readonly #inState;
  readonly #ofChat;
  readonly #run;
  readonly #publish;
  readonly #end;
  readonly #skip;
  readonly #endChat;
  readonly #roundUp;

  constructor(database: Database) {
    type Row = Record<string, string | number>;
    this.#insert = database.prepare<[Row]>(`
      INSERT INTO away_issues (bot_id, chat_id, repo, number, title, body, branch, base, clone, state)
      VALUES (:botId, :chatId, :repo, :number, :title, :body, :branch, :base, :clone, 'queued')`);
    this.#isTaken = database
      .prepare<[{ repo: string; number: number }], number>(`
        SELECT 1 FROM away_issues
        WHERE repo = :repo AND number = :number AND state IN ('queued', 'running', 'publishing', 'done')`)
      .pluck();
    this.#inState = database.prepare<[IssueState], AwayIssueRow>(
      'SELECT * FROM away_issues WHERE state = ? ORDER BY seq',
    );
    this.#ofChat = database.prepare<[ChatKey], AwayIssueRow>(`
      SELECT * FROM away_issues WHERE bot_id = :botId AND chat_id = :chatId AND rounded_up = 0 ORDER BY seq`);
    this.#run = database.prepare<[{ seq: number; taskId: TaskId }]>(
      "UPDATE away_issues SET state = 'running', task_id = :taskId WHERE seq = :seq AND state = 'queued'",
    );
    this.#publish = database.prepare<[number]>(
      "UPDATE away_issues SET state = 'publishing' WHERE seq = ? AND state = 'running'",
    );
    this.#end = database.prepare<[IssueEnd]>(`
      UPDATE away_issues SET state = :state, pr_url = :prUrl, error = :error
      WHERE seq = :seq AND state IN ('queued', 'running', 'publishing')`);
    this.#skip = database.prepare<[ChatKey]>(`
      UPDATE away_issues SET state = 'skipped'
      WHERE bot_id = :botId AND chat_id = :chatId AND state = 'queued'`);
    this.#endChat = database.prepare<[ChatKey & { error: string }]>(`
      UPDATE away_issues SET state = 'failed', error = :error
      WHERE bot_id = :botId AND chat_id = :chatId AND state IN ('running', 'publishing')`);
    this.#roundUp = database.prepare<[ChatKey]>(`
      UPDATE away_issues SET rounded_up = 1
      WHERE bot_id = :botId AND chat_id = :chatId AND state IN ('done', 'failed', 'skipped')`);
  }

  insert({ chat, ...issue }: NewAwayIssue): void {
    this.#insert.run({ ...chat, ...issue });
  }

  /** Somebody works on it, or has done so. One that failed, or was skipped, can be taken up again. */
  isTaken(repo: string, number: number): boolean {
    return this.#isTaken.get({ repo, number }) !== undefined;
  }

  /** Of all chats, oldest first. */
  inState(state: IssueState): AwayIssueRow[] {
    return this.#inState.all(state);
  }

  /** What the owner has not been told of as a whole yet. */
  ofChat(chat: ChatKey): AwayIssueRow[] {
    return this.#ofChat.all(chat);
  }

  /** @returns false when it waits no longer */
  run(seq: number, taskId: TaskId): boolean {
    return this.#run.run({ seq, taskId }).changes === 1;
  }

  publish(seq: number): void {
    this.#publish.run(seq);
  }

  /** @returns whether it had not ended */
  end(end: IssueEnd): boolean {
    return this.#end.run(end).changes === 1;
  }

  /** What has not begun of a chat's issues never does. */
  skipQueued(chat: ChatKey): void {
    this.#skip.run(chat);
  }

  /** Nothing of a chat's issues is begun, published or told any more. */
  endChat(chat: ChatKey, error: string): void {
    this.#skip.run(chat);
    this.#endChat.run({ ...chat, error });
  }

  /** The owner has been told of those that have ended. */
  roundUp(chat: ChatKey): void {
    this.#roundUp.run(chat);
  }
}
