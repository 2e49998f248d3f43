import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
// Not exported: what the turn path calls to store a message.
import { ChatHistoryRepo } from '../../../../packages/gateway/src/history/chat-history-repo.ts';

const everyMs = 10;

/**
 * Store messages as the turn path does, one after another with a pause between, in a copy of the gateway's database: on
 * its own connection nothing else can write at the same moment, and what else keeps the machine busy does so here too.
 * @param path of the copy; nobody else may have it open
 * @returns milliseconds that each took, its commit included
 */
export async function insertTimes(path: string, count: number): Promise<number[]> {
  const database = new Sqlite(path);
  try {
    // As the gateway opens it.
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('busy_timeout = 5000');
    const history = new ChatHistoryRepo(database);
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const startedAt = performance.now();
      history.add({
        sessionId: 'gw-inserts-1',
        botId: 'inserts',
        role: 'user',
        content: `The parcel with number ${index} is at the neighbour's. 包裹放在邻居家了。`,
        source: 'telegram',
        telegramChatId: null,
        userId: null,
        username: null,
      });
      times.push(performance.now() - startedAt);
      await sleep(everyMs);
    }
    return times;
  } finally {
    database.close();
  }
}
