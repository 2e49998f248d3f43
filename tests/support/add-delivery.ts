import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

export interface StoredDelivery {
  readonly botId?: string;
  readonly chatId?: string;
  readonly text?: string;
  /** Given up, as when the bot was blocked; else it waits to be sent. */
  readonly dead?: boolean;
}

/** Put a delivery into a gateway's database, as a result of an earlier run would be there. @returns its id */
export function addDelivery(home: string, delivery: StoredDelivery = {}): string {
  const { botId = 'default', chatId = '42', text = 'The backup is done.', dead = false } = delivery;
  const id = randomUUID();
  const database = new Sqlite(join(home, 'gateway.db'));
  try {
    database
      .prepare(
        `INSERT INTO deliveries (id, bot_id, chat_id, source_kind, source_id, text, format, state, reason,
           detail, attempts, created_at_ms, finished_at_ms)
         VALUES (?, ?, ?, 'task', 'backup', ?, 'markdown', ?, ?, ?, ?, 1767225600500, ?)`,
      )
      .run(
        ...[id, botId, chatId, text],
        ...(dead
          ? ['dead', 'forbidden', 'The bot may not write to this chat.', 1]
          : ['queued', null, null, 0]),
        dead ? 1767225601250 : null,
      );
    return id;
  } finally {
    database.close();
  }
}
