// Not exported: nobody but the gateway opens its database, and nobody but a benchmark fills one by hand.
import { openDatabase } from '../../../packages/gateway/src/db/open-database.ts';

export interface ChatRow {
  readonly id: number;
  readonly botId: string;
  readonly sessionId: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly createdAt: string;
}

export interface MemoryRow {
  readonly botId: string;
  readonly key: string;
  readonly category: string;
  readonly content: string;
  /** ISO 8601 with offset. */
  readonly createdAt: string;
}

/** As `CURRENT_TIMESTAMP` writes it. */
export const sqlTime = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

/** Make a gateway's database with these rows; no gateway may run on it. Indexing them is the gateway's work. */
export function writeRows(
  path: string,
  messages: Iterable<ChatRow>,
  memories: Iterable<MemoryRow> = [],
): void {
  const database = openDatabase(path);
  try {
    const addMessage = database.prepare<[ChatRow]>(`
      INSERT INTO chat_messages (id, session_id, bot_id, role, content, source, created_at)
      VALUES (:id, :sessionId, :botId, :role, :content, 'telegram', :createdAt)`);
    const addMemory = database.prepare<[MemoryRow]>(`
      INSERT INTO memory (key, content, category, bot_id, created_at, updated_at)
      VALUES (:key, :content, :category, :botId, :createdAt, :createdAt)`);
    database.transaction(() => {
      for (const message of messages) addMessage.run(message);
      for (const memory of memories) addMemory.run(memory);
    })();
  } finally {
    database.close();
  }
}
