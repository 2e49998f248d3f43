import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import type { Stored, StoredTurn } from './evidence.ts';

const StoredTurnRow = z.object({
  seq: z.int(),
  id: z.string(),
  bot: z.string(),
  chat: z.string(),
  state: z.string(),
  errorCode: z.string().nullable(),
  prompt: z.string(),
  answer: z.string().nullable(),
  startedAtMs: z.number().nullable(),
  finishedAtMs: z.number().nullable(),
});

const turnsSql = `
  SELECT t.seq, t.id, t.bot_id AS bot, t.chat_id AS chat, t.state, t.error_code AS errorCode,
    q.content AS prompt, a.content AS answer,
    t.started_at_ms AS startedAtMs, t.finished_at_ms AS finishedAtMs
  FROM turns t LEFT JOIN chat_messages q ON q.id = t.user_message_id
  LEFT JOIN chat_messages a ON a.id = t.answer_message_id ORDER BY t.seq`;

/** Each finds rows that may never be, at whatever moment the gateway dies. */
const impossible: readonly (readonly [string, string])[] = [
  [
    'a user row without a turn',
    `SELECT id FROM chat_messages WHERE role = 'user'
       AND id NOT IN (SELECT user_message_id FROM turns)`,
  ],
  [
    'an assistant row without a turn',
    `SELECT id FROM chat_messages WHERE role = 'assistant'
       AND id NOT IN (SELECT answer_message_id FROM turns WHERE answer_message_id IS NOT NULL)`,
  ],
  [
    'two turns of one user row',
    'SELECT user_message_id AS id FROM turns GROUP BY user_message_id HAVING COUNT(*) > 1',
  ],
  [
    'two turns of one assistant row',
    `SELECT answer_message_id AS id FROM turns WHERE answer_message_id IS NOT NULL
       GROUP BY answer_message_id HAVING COUNT(*) > 1`,
  ],
  [
    'a turn that ended without an answer row',
    `SELECT id FROM turns WHERE state NOT IN ('queued', 'running') AND answer_message_id IS NULL`,
  ],
  [
    'a turn that has not ended with an answer row',
    `SELECT id FROM turns WHERE state IN ('queued', 'running') AND answer_message_id IS NOT NULL`,
  ],
  [
    'a turn whose rows are of another chat',
    `SELECT t.id FROM turns t JOIN chat_messages m ON m.id IN (t.user_message_id, t.answer_message_id)
       WHERE m.session_id <> 'gw-' || t.bot_id || '-' || t.chat_id OR m.bot_id <> t.bot_id`,
  ],
];

/**
 * Read what a dead gateway left. The file is copied first, with its write-ahead log: opening it would
 * already repair what the next start is to repair by itself.
 */
export function readDatabase(file: string): Stored {
  const directory = mkdtempSync(join(tmpdir(), 'mcb-crash-copy-'));
  try {
    const copy = join(directory, 'gateway.db');
    for (const ending of ['', '-wal']) {
      if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending);
    }
    const database = new Sqlite(copy);
    try {
      return read(database);
    } finally {
      database.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function read(database: Sqlite.Database): Stored {
  const integrity = z
    .array(z.string())
    .parse(database.prepare('PRAGMA integrity_check').pluck().all());
  const damage = integrity
    .filter((line) => line !== 'ok')
    .map((line) => `integrity_check: ${line}`);
  for (const row of database.prepare('PRAGMA foreign_key_check').all()) {
    damage.push(`foreign_key_check: ${JSON.stringify(row)}`);
  }
  // Killed before it had made its tables, it left none.
  const made = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'turns'").get();
  if (made === undefined) return { turns: [], damage };
  for (const [what, sql] of impossible) {
    const ids = database.prepare(sql).pluck().all();
    if (ids.length > 0) damage.push(`${what}: ${ids.join(', ')}`);
  }
  const turns: StoredTurn[] = z.array(StoredTurnRow).parse(database.prepare(turnsSql).all());
  return { turns, damage };
}
