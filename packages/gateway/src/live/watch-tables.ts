import { LiveChange, type LiveTopic } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A table whose rows pages show, and what a row of it is of: expressions in SQL, where `row` is the row. */
interface Watched {
  readonly table: string;
  readonly topic: LiveTopic;
  readonly bot?: string;
  readonly chat?: string;
  readonly id?: string;
}

const ofTask = (column: string): string => `(SELECT ${column} FROM tasks WHERE seq = row.task_seq)`;
const ofDelivery = (column: string): string =>
  `(SELECT ${column} FROM deliveries WHERE seq = row.delivery_seq)`;
const ofJob = '(SELECT bot_id FROM cron_jobs WHERE id = row.job_id)';
const inChat = { bot: 'row.bot_id', chat: 'row.chat_id' };
/** The history's name for a gateway chat. */
const sessionId = "'gw-' || row.bot_id || '-' || row.chat_id";
/** And back; null where it is no gateway chat of that bot. */
const chatOfSession =
  "CASE WHEN substr(row.session_id, 1, length(row.bot_id) + 4) = 'gw-' || row.bot_id || '-' " +
  'THEN substr(row.session_id, length(row.bot_id) + 5) END';

const watched: readonly Watched[] = [
  { table: 'turns', topic: 'turns', ...inChat, id: 'row.id' },
  { table: 'turns', topic: 'chats', ...inChat, id: sessionId },
  {
    table: 'chat_messages',
    topic: 'chats',
    bot: 'row.bot_id',
    chat: chatOfSession,
    id: 'row.session_id',
  },
  { table: 'gateway_sessions', topic: 'chats', ...inChat, id: sessionId },
  { table: 'tasks', topic: 'tasks', ...inChat, id: 'row.id' },
  {
    table: 'task_steps',
    topic: 'tasks',
    bot: ofTask('bot_id'),
    chat: ofTask('chat_id'),
    id: ofTask('id'),
  },
  { table: 'away_issues', topic: 'tasks', ...inChat },
  { table: 'deliveries', topic: 'deliveries', ...inChat, id: 'row.id' },
  {
    table: 'delivery_parts',
    topic: 'deliveries',
    bot: ofDelivery('bot_id'),
    chat: ofDelivery('chat_id'),
    id: ofDelivery('id'),
  },
  { table: 'cron_jobs', topic: 'cron', bot: 'row.bot_id', id: 'row.id' },
  { table: 'cron_job_runs', topic: 'cron', bot: ofJob, id: 'row.job_id' },
  { table: 'cron_incidents', topic: 'cron', bot: ofJob, id: 'row.job_id' },
  { table: 'memory', topic: 'memory', bot: 'row.bot_id', id: 'row.id' },
];

/**
 * Say of each row that is written that it has changed, whoever writes it: the triggers are of this connection alone,
 * which all writing goes through, and are in no file. What is undone afterwards was said for nothing, which does no harm.
 */
export function watchTables(database: Database, changed: (change: LiveChange) => void): void {
  database.function('live_changed', { varargs: true }, (topic, bot, chat, id) => {
    const change = LiveChange.safeParse({
      topic,
      ...named('bot_id', bot),
      ...named('chat_id', chat),
      ...named('id', id),
    });
    if (change.success) changed(change.data);
    return null;
  });
  for (const [n, entry] of watched.entries()) database.exec(triggersOf(entry, `live_${n}`));
}

const named = (name: string, value: unknown): Record<string, string> =>
  typeof value === 'string' || typeof value === 'number' ? { [name]: String(value) } : {};

function triggersOf({ table, topic, bot, chat, id }: Watched, name: string): string {
  const told = [bot, chat, id].map((expression = 'NULL') => expression).join(', ');
  const trigger = (event: string, row: string): string => `
    CREATE TEMP TRIGGER ${name}_${event} AFTER ${event} ON main.${table}
    BEGIN SELECT live_changed('${topic}', ${told.replaceAll('row.', `${row}.`)}); END;`;
  return [trigger('INSERT', 'NEW'), trigger('UPDATE', 'NEW'), trigger('DELETE', 'OLD')].join('\n');
}
