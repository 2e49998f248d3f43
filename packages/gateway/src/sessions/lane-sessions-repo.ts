import type { BotId, ChatId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Lane, LaneKey, LaneKind } from '../turns/lane.ts';

/** The session of a lane as stored. */
export interface LaneSessionRow {
  readonly bot_id: BotId;
  readonly chat_id: ChatId;
  readonly lane: Lane;
  readonly claude_session_id: string | null;
  readonly claude_cost_usd: number;
  /** Unix seconds. */
  readonly last_active: number;
}

interface Key {
  readonly botId: string;
  readonly chatId: string;
  readonly lane: string;
}

const keyOf = ({ chat, lane }: LaneKey): Key => ({ ...chat, lane });

/** The table of the sessions of lanes that are not a chat's main one. */
export class LaneSessionsRepo {
  readonly #find;
  readonly #list;
  readonly #touch;
  readonly #setConversation;
  readonly #finishTurn;
  readonly #delete;

  constructor(database: Database) {
    const ofLane = 'WHERE bot_id = :botId AND chat_id = :chatId AND lane = :lane';
    this.#find = database.prepare<[Key], LaneSessionRow>(`SELECT * FROM lane_sessions ${ofLane}`);
    this.#list = database.prepare<[LaneKind], LaneSessionRow>(
      "SELECT * FROM lane_sessions WHERE lane LIKE ? || ':%' ORDER BY last_active DESC",
    );
    this.#touch = database.prepare<[Key & { at: number }]>(`
      INSERT INTO lane_sessions (bot_id, chat_id, lane, last_active) VALUES (:botId, :chatId, :lane, :at)
      ON CONFLICT DO UPDATE SET last_active = :at`);
    this.#setConversation = database.prepare<[Key & { id: string | null }]>(
      `UPDATE lane_sessions SET claude_session_id = :id, claude_cost_usd = 0 ${ofLane}`,
    );
    this.#finishTurn = database.prepare<[Key & { at: number; costUsd: number }]>(
      `UPDATE lane_sessions SET last_active = :at, claude_cost_usd = :costUsd ${ofLane}`,
    );
    this.#delete = database.prepare<[Key]>(`DELETE FROM lane_sessions ${ofLane}`);
  }

  find(place: LaneKey): LaneSessionRow | undefined {
    return this.#find.get(keyOf(place));
  }

  /** Of all chats, most recently active first. */
  list(kind: LaneKind): LaneSessionRow[] {
    return this.#list.all(kind);
  }

  /** Make it where it is missing. @param at Unix seconds */
  touch(place: LaneKey, at: number): void {
    this.#touch.run({ ...keyOf(place), at });
  }

  setConversation(place: LaneKey, id: string | null): void {
    this.#setConversation.run({ ...keyOf(place), id });
  }

  finishTurn(place: LaneKey, at: number, costUsd: number): void {
    this.#finishTurn.run({ ...keyOf(place), at, costUsd });
  }

  delete(place: LaneKey): void {
    this.#delete.run(keyOf(place));
  }
}
