import type { BotId, ChatKey, DeliveryId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

export interface ProgressRow {
  readonly ref: string;
  readonly bot_id: BotId;
  readonly chat_id: string;
  readonly message_id: number | null;
  readonly state: 'live' | 'ending' | 'ended';
}

/** Which message shows the progress of what. */
export class ProgressRepo {
  readonly #add;
  readonly #find;
  readonly #keep;
  readonly #ending;
  readonly #due;
  readonly #ended;

  constructor(database: Database) {
    this.#add = database.prepare<[ChatKey & { ref: string }]>(
      'INSERT INTO progress_messages (ref, bot_id, chat_id) VALUES (:ref, :botId, :chatId)',
    );
    this.#find = database.prepare<[string], ProgressRow>(
      'SELECT ref, bot_id, chat_id, message_id, state FROM progress_messages WHERE ref = ?',
    );
    this.#keep = database.prepare<[{ ref: string; messageId: number | null }]>(
      'UPDATE progress_messages SET message_id = :messageId WHERE ref = :ref',
    );
    this.#ending = database.prepare<[{ ref: string; by: DeliveryId | null }]>(
      "UPDATE progress_messages SET state = 'ending', ended_by = :by WHERE ref = :ref AND state = 'live'",
    );
    this.#due = database.prepare<[], ProgressRow>(`
      SELECT p.ref, p.bot_id, p.chat_id, p.message_id, p.state
      FROM progress_messages p LEFT JOIN deliveries d ON d.id = p.ended_by
      WHERE p.state = 'ending' AND (p.ended_by IS NULL OR d.state = 'delivered')`);
    this.#ended = database.prepare<[string]>(
      "UPDATE progress_messages SET state = 'ended' WHERE ref = ?",
    );
  }

  add(ref: string, { botId, chatId }: ChatKey): void {
    this.#add.run({ ref, botId, chatId });
  }

  find(ref: string): ProgressRow | undefined {
    return this.#find.get(ref);
  }

  /** @param messageId null: there is none any more */
  keepMessage(ref: string, messageId: number | null): void {
    this.#keep.run({ ref, messageId });
  }

  markEnding(ref: string, by: DeliveryId | undefined): void {
    this.#ending.run({ ref, by: by ?? null });
  }

  /** Those whose end has come: what takes their place has arrived. */
  due(): ProgressRow[] {
    return this.#due.all();
  }

  markEnded(ref: string): void {
    this.#ended.run(ref);
  }
}
