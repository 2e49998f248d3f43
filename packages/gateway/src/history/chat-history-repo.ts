import type { ChatMessage } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A message to be stored. */
export interface NewChatMessage {
  readonly sessionId: string;
  readonly botId: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly source: string;
  readonly telegramChatId: number | null;
  readonly userId: string | null;
  readonly username: string | null;
}

export interface ChatSessionRow {
  readonly session_id: string;
  readonly bot_id: string;
  readonly started_at: string;
  readonly last_message_at: string;
  readonly message_count: number;
}

const columns =
  'id, session_id, role, content, source, telegram_chat_id, user_id, username, created_at, bot_id';

/** The tables of the chat history. */
export class ChatHistoryRepo {
  readonly #insert;
  readonly #all;
  readonly #last;
  readonly #sessions;

  constructor(database: Database) {
    this.#insert = database.prepare<[NewChatMessage]>(`
      INSERT INTO chat_messages (session_id, bot_id, role, content, source, telegram_chat_id, user_id, username)
      VALUES (:sessionId, :botId, :role, :content, :source, :telegramChatId, :userId, :username)`);
    const ofSession =
      'FROM chat_messages WHERE session_id = :sessionId AND (:botId IS NULL OR bot_id = :botId)';
    this.#all = database.prepare<[{ sessionId: string; botId: string | null }], ChatMessage>(
      `SELECT ${columns} ${ofSession} ORDER BY id`,
    );
    this.#last = database.prepare<
      [{ sessionId: string; botId: string | null; limit: number }],
      ChatMessage
    >(`SELECT * FROM (SELECT ${columns} ${ofSession} ORDER BY id DESC LIMIT :limit) ORDER BY id`);
    this.#sessions = database.prepare<[{ botId: string | null }], ChatSessionRow>(`
      SELECT session_id, bot_id, started_at, last_message_at, message_count
      FROM conversations WHERE :botId IS NULL OR bot_id = :botId
      ORDER BY last_message_id DESC`);
  }

  /** @returns the new row's id */
  add(message: NewChatMessage): number {
    return Number(this.#insert.run(message).lastInsertRowid);
  }

  /** Oldest first. @param limit only the last so many; 0: all */
  messages(sessionId: string, botId: string | undefined, limit: number): ChatMessage[] {
    const scope = { sessionId, botId: botId ?? null };
    return limit === 0 ? this.#all.all(scope) : this.#last.all({ ...scope, limit });
  }

  /** Newest first. */
  sessions(botId: string | undefined): ChatSessionRow[] {
    return this.#sessions.all({ botId: botId ?? null });
  }
}
