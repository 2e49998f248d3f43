import Sqlite from 'better-sqlite3';

/** What is in a database, for a person to recognise it by. */
export interface DatabaseCounts {
  readonly messages: number;
  readonly memories: number;
  readonly jobs: number;
  /** Messages that wait for Claude: they run after the next start. */
  readonly waiting_turns: number;
  /** What waits to be sent to chats: it is sent after the next start. */
  readonly waiting_deliveries: number;
  /** Bots whose token it has, sealed. */
  readonly tokens: number;
}

const questions = {
  messages: ['chat_messages', '1'],
  memories: ['memory', '1'],
  jobs: ['cron_jobs', '1'],
  waiting_turns: ['turns', "state IN ('queued', 'running')"],
  waiting_deliveries: ['deliveries', "state IN ('queued', 'sending')"],
  tokens: ['bot_tokens', '1'],
} as const satisfies Record<keyof DatabaseCounts, readonly [string, string]>;

/** @param path of a database that nobody else uses */
export function countRows(path: string): DatabaseCounts {
  const database = new Sqlite(path, { readonly: true });
  try {
    const count = ([table, where]: readonly [string, string]): number => {
      // An older schema lacks some.
      const known = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table);
      if (known === undefined) return 0;
      const sql = `SELECT count(*) FROM ${table} WHERE ${where}`;
      return database.prepare<[], number>(sql).pluck().get() ?? 0;
    };
    return {
      messages: count(questions.messages),
      memories: count(questions.memories),
      jobs: count(questions.jobs),
      waiting_turns: count(questions.waiting_turns),
      waiting_deliveries: count(questions.waiting_deliveries),
      tokens: count(questions.tokens),
    };
  } finally {
    database.close();
  }
}
