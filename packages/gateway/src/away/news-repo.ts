import type { BotId, ChatId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { TaskState } from '../tasks/task.ts';

/** What users said in a chat. */
export interface ChatNews {
  readonly session_id: string;
  readonly messages: number;
  /** Of people whose name is known. */
  readonly people: number;
  readonly failed: number;
  /** Unix seconds. */
  readonly last_at: number;
}

export interface MessageNews {
  readonly content: string;
  readonly username: string | null;
  /** Unix seconds. */
  readonly at: number;
}

export interface TaskNews {
  readonly chat_id: ChatId;
  readonly message: string;
  readonly state: TaskState;
  readonly result: string | null;
}

interface Since {
  readonly botId: BotId;
  /** Unix seconds. */
  readonly since: number;
}

/** What has come for a bot since a time. What Claude is told by the gateway itself is no news. */
export class NewsRepo {
  readonly #chats;
  readonly #messages;
  readonly #tasks;
  readonly #atWork;

  constructor(database: Database) {
    const since =
      "bot_id = :botId AND source NOT IN ('background', 'report') AND created_at >= datetime(:since, 'unixepoch')";
    this.#chats = database.prepare<[Since], ChatNews>(`
      SELECT session_id, sum(role = 'user') AS messages,
        count(DISTINCT CASE WHEN role = 'user' THEN username END) AS people, sum(source = 'error') AS failed,
        CAST(strftime('%s', max(created_at)) AS INTEGER) AS last_at
      FROM chat_messages WHERE ${since} GROUP BY session_id HAVING messages > 0 ORDER BY max(id) DESC`);
    this.#messages = database.prepare<[Since & { sessionId: string; limit: number }], MessageNews>(`
      SELECT substr(content, 1, 1000) AS content, username, CAST(strftime('%s', created_at) AS INTEGER) AS at
      FROM chat_messages WHERE session_id = :sessionId AND role = 'user' AND ${since} ORDER BY id LIMIT :limit`);
    this.#tasks = database.prepare<[{ botId: BotId; sinceMs: number }], TaskNews>(`
      SELECT chat_id, message, state, substr(result, 1, 1000) AS result FROM tasks
      WHERE bot_id = :botId AND finished_at_ms >= :sinceMs AND state NOT IN ('stopped', 'superseded')
      ORDER BY seq DESC LIMIT 200`);
    this.#atWork = database
      .prepare<[BotId], number>(
        "SELECT count(*) FROM tasks WHERE bot_id = ? AND state IN ('running', 'waiting')",
      )
      .pluck();
  }

  /** Most recently active first. @param since Unix seconds */
  chats(botId: BotId, since: number): ChatNews[] {
    return this.#chats.all({ botId, since });
  }

  /** Oldest first. */
  messages(botId: BotId, since: number, sessionId: string, limit: number): MessageNews[] {
    return this.#messages.all({ botId, since, sessionId, limit });
  }

  /** Tasks that have ended, newest first. */
  tasks(botId: BotId, since: number): TaskNews[] {
    return this.#tasks.all({ botId, sinceMs: since * 1000 });
  }

  /** Tasks that have not ended. */
  tasksAtWork(botId: BotId): number {
    return this.#atWork.get(botId) ?? 0;
  }
}
