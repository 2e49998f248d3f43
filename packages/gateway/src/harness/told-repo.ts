import type { Database } from '../db/database.ts';
import type { LaneKey } from '../turns/lane.ts';
import type { ContextTurn } from '../turns/turn-context.ts';

/** What a conversation was told of a kind, last. */
export interface ToldRow {
  /** Null: it began with the turn that was told. */
  readonly conversation_id: string | null;
  readonly digest: string;
}

type Key = Record<'botId' | 'chatId' | 'lane' | 'piece', string>;

const keyOf = ({ chat, lane }: LaneKey, piece: string): Key => ({ ...chat, lane, piece });

/** What Claude was told beside messages, so that it is told again only when it has changed. */
export class ToldRepo {
  readonly #find;
  readonly #set;
  readonly #forget;

  constructor(database: Database) {
    this.#find = database.prepare<[Key], ToldRow>(`
      SELECT conversation_id, digest FROM told_contexts
      WHERE bot_id = :botId AND chat_id = :chatId AND lane = :lane AND piece = :piece`);
    this.#set = database.prepare<[Key & { conversationId: string | null; digest: string }]>(`
      INSERT INTO told_contexts VALUES (:botId, :chatId, :lane, :piece, :conversationId, :digest)
      ON CONFLICT DO UPDATE SET conversation_id = excluded.conversation_id, digest = excluded.digest`);
    this.#forget = database.prepare<[{ botId: string; chatId: string }]>(
      'DELETE FROM told_contexts WHERE bot_id = :botId AND chat_id = :chatId',
    );
  }

  /** What the conversation that the turn goes on with was told; undefined: nothing of that kind. */
  find(turn: ContextTurn, piece: string): ToldRow | undefined {
    if (turn.conversationId === undefined) return undefined;
    const row = this.#find.get(keyOf(turn, piece));
    const same = row?.conversation_id === null || row?.conversation_id === turn.conversationId;
    return same ? row : undefined;
  }

  set(turn: ContextTurn, piece: string, digest: string): void {
    const conversationId = turn.conversationId ?? null;
    this.#set.run({ ...keyOf(turn, piece), conversationId, digest });
  }

  /** A chat's conversations have ended. */
  forgetChat(chat: LaneKey['chat']): void {
    this.#forget.run({ ...chat });
  }
}
