import { BotId } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { migrations } from '../db/migrations/index.ts';
import { openDatabase } from '../db/open-database.ts';
import { ChatHistoryRepo } from './chat-history-repo.ts';

let database: Database;
beforeEach(() => {
  database = openDatabase(':memory:');
});
afterEach(() => database.close());

/** As it is counted from all that was said. */
const counted = `SELECT session_id, bot_id, count(*) AS message_count, max(id) AS last_message_id,
  min(created_at) AS started_at, max(created_at) AS last_message_at
  FROM chat_messages GROUP BY session_id, bot_id ORDER BY session_id, bot_id`;
const kept = 'SELECT * FROM conversations ORDER BY session_id, bot_id';
const rows = (sql: string) => database.prepare(sql).all();

const few = (...texts: string[]) => fc.constantFrom(...texts);
const row = {
  session: few('a', 'b', 'A'),
  bot: few('x', 'y'),
  at: few('2026-01-01', '2026-02-01'),
};

test('a conversation is what its messages say, whatever becomes of them', () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('INSERT' as const), ...row }),
    fc.record({ kind: fc.constant('UPDATE' as const), id: fc.nat(20), ...row }),
    fc.record({ kind: fc.constant('DELETE' as const), id: fc.nat(20), ...row }),
  );
  const insert = database.prepare(
    "INSERT INTO chat_messages (session_id, bot_id, created_at, role, content) VALUES (?, ?, ?, 'user', '')",
  );
  const update = database.prepare(
    'UPDATE chat_messages SET session_id = ?, bot_id = ?, created_at = ? WHERE id = ?',
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      database.exec(
        "DELETE FROM chat_messages; DELETE FROM sqlite_sequence WHERE name = 'chat_messages'",
      );
      for (const one of changes) {
        const { session, bot, at } = one;
        if (one.kind === 'INSERT') insert.run(session, bot, at);
        else if (one.kind === 'UPDATE') update.run(session, bot, at, one.id);
        else database.prepare('DELETE FROM chat_messages WHERE id = ?').run(one.id);
      }
      expect(rows(kept)).toEqual(rows(counted));
    }),
  );
});

test('those of a file that was there before are there', () => {
  const history = new ChatHistoryRepo(database);
  const said = { role: 'user', content: 'x', source: 'page', telegramChatId: null } as const;
  for (const sessionId of ['a', 'b', 'a'])
    history.add({ ...said, sessionId, botId: BotId.parse('x'), userId: null, username: null });
  for (const name of ['grows', 'changes', 'shrinks'])
    database.exec(`DROP TRIGGER conversation_${name}`);
  database.exec('DROP TABLE conversations');
  database.exec(migrations.find(({ version }) => version === 26)?.sql ?? '');
  expect(rows(kept)).toEqual(rows(counted));
});
