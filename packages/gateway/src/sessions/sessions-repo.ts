import type { BotId, ChatId, ChatKey } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A chat's session as stored. */
export interface SessionRow {
  readonly bot_id: BotId;
  readonly chat_id: ChatId;
  readonly cwd: string;
  readonly first_done: 0 | 1;
  /** Unix seconds. */
  readonly last_active: number;
  /** The owner is away, and this chat waits for them. */
  readonly nirmana_mode: 0 | 1;
  /** Since when, Unix seconds; 0: they are not. */
  readonly nirmana_activated_at: number;
  readonly claude_session_id: string | null;
  readonly claude_cost_usd: number;
}

const columns =
  'bot_id, chat_id, cwd, first_done, last_active, nirmana_mode, nirmana_activated_at, claude_session_id, claude_cost_usd';

/** The table of sessions: which chats have one, where, and which of Claude's conversations it is. */
export class SessionsRepo {
  readonly #find;
  readonly #list;
  readonly #directories;
  readonly #create;
  readonly #touch;
  readonly #setClaudeSession;
  readonly #finishTurn;
  readonly #setAway;
  readonly #delete;

  constructor(database: Database) {
    this.#find = database.prepare<[ChatKey], SessionRow>(
      `SELECT ${columns} FROM gateway_sessions WHERE bot_id = :botId AND chat_id = :chatId`,
    );
    this.#list = database.prepare<[{ botId: string | null }], SessionRow>(
      `SELECT ${columns} FROM gateway_sessions WHERE :botId IS NULL OR bot_id = :botId ORDER BY last_active DESC`,
    );
    this.#directories = database.prepare<[], Pick<SessionRow, 'bot_id' | 'chat_id' | 'cwd'>>(
      'SELECT bot_id, chat_id, cwd FROM gateway_sessions',
    );
    this.#create = database.prepare<[ChatKey & { cwd: string; at: number }]>(`
      INSERT INTO gateway_sessions (bot_id, chat_id, cwd, last_active) VALUES (:botId, :chatId, :cwd, :at)
      ON CONFLICT DO NOTHING`);
    const ofChat = 'WHERE bot_id = :botId AND chat_id = :chatId';
    this.#touch = database.prepare<[ChatKey & { at: number; busy: 0 | 1 }]>(
      `UPDATE gateway_sessions SET last_active = :at, busy = :busy ${ofChat}`,
    );
    this.#setClaudeSession = database.prepare<
      [ChatKey & { claudeSessionId: string | null; costUsd: number }]
    >(
      `UPDATE gateway_sessions SET claude_session_id = :claudeSessionId, claude_cost_usd = :costUsd ${ofChat}`,
    );
    this.#finishTurn = database.prepare<[ChatKey & { at: number; costUsd: number }]>(`
      UPDATE gateway_sessions SET first_done = 1, busy = 0, last_active = :at, claude_cost_usd = :costUsd ${ofChat}`);
    this.#setAway = database.prepare<[ChatKey & { mode: 0 | 1; at: number | null }]>(`
      UPDATE gateway_sessions
      SET nirmana_mode = :mode, nirmana_activated_at = coalesce(:at, 0) ${ofChat}`);
    this.#delete = database.prepare<[ChatKey]>(`DELETE FROM gateway_sessions ${ofChat}`);
  }

  find(chat: ChatKey): SessionRow | undefined {
    return this.#find.get(chat);
  }

  /** Most recently active first; all bots without one. */
  list(botId: BotId | undefined): SessionRow[] {
    return this.#list.all({ botId: botId ?? null });
  }

  directories(): Pick<SessionRow, 'bot_id' | 'chat_id' | 'cwd'>[] {
    return this.#directories.all();
  }

  create(chat: ChatKey, cwd: string, at: number): void {
    this.#create.run({ ...chat, cwd, at });
  }

  /** @param at Unix seconds */
  touch(chat: ChatKey, at: number, busy: boolean): void {
    this.#touch.run({ ...chat, at, busy: busy ? 1 : 0 });
  }

  /** Another conversation of Claude's is this chat's from now on; null: a new one, when it is needed. */
  setClaudeSession(chat: ChatKey, claudeSessionId: string | null, costUsd: number): void {
    this.#setClaudeSession.run({ ...chat, claudeSessionId, costUsd });
  }

  /** @param costUsd what the conversation has cost in all, as far as is known */
  finishTurn(chat: ChatKey, at: number, costUsd: number): void {
    this.#finishTurn.run({ ...chat, at, costUsd });
  }

  /** @param at since when the owner is away, Unix seconds; null: they are back */
  setAway(chat: ChatKey, at: number | null): void {
    this.#setAway.run({ ...chat, mode: at === null ? 0 : 1, at });
  }

  delete(chat: ChatKey): void {
    this.#delete.run(chat);
  }
}
