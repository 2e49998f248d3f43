import type { BotId, ChatId, ChatKey, ErrorCode, TaskId, TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { EndState, ProjectKey, TaskRow, TaskState } from './task.ts';

/** A task to be stored. */
export interface NewTask extends ProjectKey {
  readonly id: TaskId;
  readonly message: string;
  /** Where it works; null: where its chat does. */
  readonly directory: string | null;
  readonly startedAtMs: number;
}

/** How a task ended. */
export interface TaskEnd {
  readonly seq: number;
  readonly state: EndState;
  readonly result: string;
  readonly errorCode: ErrorCode | null;
  readonly at: number;
  /** Its harness is to be archived. */
  readonly archiveOwed: boolean;
}

/** Which tasks to list. */
export interface TaskFilter {
  readonly botId?: BotId | undefined;
  readonly chatId?: ChatId | undefined;
  readonly state?: TaskState | undefined;
  /** Only tasks that came before that one. */
  readonly before?: TaskId | undefined;
  readonly limit: number;
}

type Project = ChatKey & { readonly projectId: string };

/** The table of tasks. A task that has ended stays as it ended. */
export class TasksRepo {
  readonly #insert;
  readonly #find;
  readonly #bySeq;
  readonly #byTurn;
  readonly #openOf;
  readonly #openTasks;
  readonly #latest;
  readonly #list;
  readonly #setState;
  readonly #setHarness;
  readonly #end;
  readonly #abandon;
  readonly #untold;
  readonly #told;
  readonly #forgetChat;
  readonly #archiveOwed;
  readonly #archived;

  constructor(database: Database) {
    const open = "state IN ('running', 'waiting')";
    const ofChat = 'bot_id = :botId AND chat_id = :chatId';
    this.#insert = database.prepare<[Project & Omit<NewTask, keyof ProjectKey>]>(`
      INSERT INTO tasks (id, bot_id, chat_id, project_id, message, directory, state, started_at_ms)
      VALUES (:id, :botId, :chatId, :projectId, :message, :directory, 'running', :startedAtMs)`);
    this.#find = database.prepare<[TaskId], TaskRow>('SELECT * FROM tasks WHERE id = ?');
    this.#bySeq = database.prepare<[number], TaskRow>('SELECT * FROM tasks WHERE seq = ?');
    this.#byTurn = database.prepare<[TurnId], TaskRow>(
      'SELECT t.* FROM tasks t JOIN task_steps s ON s.task_seq = t.seq WHERE s.turn_id = ?',
    );
    this.#openOf = database.prepare<[Project], TaskRow>(
      `SELECT * FROM tasks WHERE ${ofChat} AND project_id = :projectId AND ${open}`,
    );
    this.#openTasks = database.prepare<[], TaskRow>(
      `SELECT * FROM tasks WHERE ${open} ORDER BY seq`,
    );
    this.#latest = database.prepare<[ChatKey], TaskRow>(`
      SELECT * FROM tasks WHERE seq IN (
        SELECT max(seq) FROM tasks WHERE ${ofChat} AND forgotten = 0 GROUP BY project_id)
      ORDER BY seq DESC`);
    this.#list = database.prepare<[Record<string, string | number | null>], TaskRow>(`
      SELECT * FROM tasks
      WHERE (:botId IS NULL OR bot_id = :botId) AND (:chatId IS NULL OR chat_id = :chatId)
        AND (:state IS NULL OR state = :state)
        AND (:before IS NULL OR seq < (SELECT seq FROM tasks WHERE id = :before
          AND (:botId IS NULL OR bot_id = :botId)))
      ORDER BY seq DESC LIMIT :limit`);
    this.#setState = database.prepare<[{ seq: number; state: 'running' | 'waiting' }]>(
      `UPDATE tasks SET state = :state WHERE seq = :seq AND ${open}`,
    );
    this.#setHarness = database.prepare<[{ seq: number; directory: string }]>(
      'UPDATE tasks SET harness_directory = :directory WHERE seq = :seq',
    );
    this.#end = database.prepare<[Omit<TaskEnd, 'archiveOwed'> & { archiveOwed: 0 | 1 }]>(`
      UPDATE tasks SET state = :state, result = :result, error_code = :errorCode, finished_at_ms = :at,
        archive_owed = :archiveOwed
      WHERE seq = :seq AND ${open}`);
    this.#abandon = database.prepare<[{ seq: number; state: EndState; at: number }]>(
      `UPDATE tasks SET state = :state, finished_at_ms = :at, told = (:state = 'superseded' OR directory IS NOT NULL)
       WHERE seq = :seq AND ${open}`,
    );
    this.#untold = database.prepare<[ChatKey], TaskRow>(
      `SELECT * FROM tasks WHERE ${ofChat} AND told = 0 AND NOT ${open} ORDER BY seq`,
    );
    this.#told = database.prepare<[number]>('UPDATE tasks SET told = 1 WHERE seq = ?');
    this.#forgetChat = database.prepare<[ChatKey]>(
      `UPDATE tasks SET forgotten = 1, told = 1 WHERE ${ofChat}`,
    );
    this.#archiveOwed = database.prepare<[], TaskRow>(
      'SELECT * FROM tasks WHERE archive_owed = 1 ORDER BY seq',
    );
    this.#archived = database.prepare<[number]>('UPDATE tasks SET archive_owed = 0 WHERE seq = ?');
  }

  /** @throws SQLite's error where a task of that project is open */
  insert({ chat, ...task }: NewTask): number {
    return Number(this.#insert.run({ ...chat, ...task }).lastInsertRowid);
  }

  find(id: TaskId): TaskRow | undefined {
    return this.#find.get(id);
  }

  bySeq(seq: number): TaskRow | undefined {
    return this.#bySeq.get(seq);
  }

  /** The task that a turn is a step of. */
  byTurn(turnId: TurnId): TaskRow | undefined {
    return this.#byTurn.get(turnId);
  }

  /** The task of a project that has not ended. */
  openOf({ chat, projectId }: ProjectKey): TaskRow | undefined {
    return this.#openOf.get({ ...chat, projectId });
  }

  /** Of all chats, oldest first. */
  open(): TaskRow[] {
    return this.#openTasks.all();
  }

  /** Of each project of a chat's present conversation the newest, most recently started first. */
  latest(chat: ChatKey): TaskRow[] {
    return this.#latest.all(chat);
  }

  /** Where the tasks of a project work, if elsewhere than their chat: where its newest does. */
  directoryOf({ chat, projectId }: ProjectKey): string | undefined {
    const latest = this.latest(chat).find(({ project_id }) => project_id === projectId);
    return latest?.directory ?? undefined;
  }

  /** Newest first. */
  list({ botId, chatId, state, before, limit }: TaskFilter): TaskRow[] {
    return this.#list.all({
      botId: botId ?? null,
      chatId: chatId ?? null,
      state: state ?? null,
      before: before ?? null,
      limit,
    });
  }

  setState(seq: number, state: 'running' | 'waiting'): void {
    this.#setState.run({ seq, state });
  }

  setHarness(seq: number, directory: string): void {
    this.#setHarness.run({ seq, directory });
  }

  end({ archiveOwed, ...end }: TaskEnd): void {
    this.#end.run({ ...end, archiveOwed: archiveOwed ? 1 : 0 });
  }

  /** End a task without a result. One that another took over from is nothing to tell. @returns whether it was open */
  abandon(seq: number, state: EndState, at: number): boolean {
    return this.#abandon.run({ seq, state, at }).changes === 1;
  }

  /** Tasks that have ended, which the chat's main conversation does not know yet; oldest first. */
  untold(chat: ChatKey): TaskRow[] {
    return this.#untold.all(chat);
  }

  setTold(seq: number): void {
    this.#told.run(seq);
  }

  /** The conversation that a chat's tasks belong to has ended. */
  forgetChat(chat: ChatKey): void {
    this.#forgetChat.run(chat);
  }

  archiveOwed(): TaskRow[] {
    return this.#archiveOwed.all();
  }

  setArchived(seq: number): void {
    this.#archived.run(seq);
  }
}
