import type { ErrorCode, MessageOfTurn, TurnId, TurnState } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A conversation as a list of them needs it. */
export interface ConversationRow {
  readonly session_id: string;
  readonly bot_id: string;
  readonly message_count: number;
  readonly unread: number;
  readonly tasks: number;
  readonly last_id: number;
  readonly role: 'user' | 'assistant';
  readonly source: string;
  readonly username: string | null;
  readonly created_at: string;
  readonly preview: string;
}

/** A message with what is stored of its turn. */
export type MessageRow = Omit<MessageOfTurn, 'turn'> & {
  readonly turn_id: TurnId | null;
  readonly lane: string;
  readonly origin: string;
  readonly state: TurnState;
  readonly error_code: ErrorCode | null;
  readonly attempts: number;
  readonly queued_at_ms: number;
  readonly started_at_ms: number | null;
  readonly finished_at_ms: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_creation_tokens: number | null;
  readonly cost_usd: number | null;
  readonly thinking: string | null;
  readonly tools: string | null;
};

interface Scope {
  readonly sessionId: string;
  readonly botId: string | null;
}

const unread = (read: string): string => `
  (SELECT count(*) FROM chat_messages u WHERE u.session_id = g.session_id AND u.bot_id = g.bot_id
    AND u.role = 'assistant' AND u.id > ${read})`;

/** Parts of the chat history as pages show them: never all of a conversation at once. */
export class ConversationsRepo {
  readonly #list;
  readonly #newest;
  readonly #oldest;
  readonly #has;
  readonly #read;
  readonly #unread;

  constructor(database: Database) {
    this.#list = database.prepare<
      [{ botId: string | null; before: number | null; limit: number }],
      ConversationRow
    >(`
      SELECT g.session_id, g.bot_id, g.message_count, g.last_id, m.role, m.source, m.username, m.created_at,
        substr(m.content, 1, 200) AS preview, ${unread('coalesce(r.message_id, 0)')} AS unread,
        (SELECT count(*) FROM tasks t WHERE t.bot_id = g.bot_id AND 'gw-' || t.bot_id || '-' || t.chat_id = g.session_id
          AND t.state IN ('running', 'waiting')) AS tasks
      FROM (SELECT session_id, bot_id, count(*) AS message_count, max(id) AS last_id FROM chat_messages
          WHERE :botId IS NULL OR bot_id = :botId GROUP BY session_id, bot_id
          HAVING :before IS NULL OR max(id) < :before ORDER BY max(id) DESC LIMIT :limit) g
        JOIN chat_messages m ON m.id = g.last_id
        LEFT JOIN chat_reads r ON r.session_id = g.session_id AND r.bot_id = g.bot_id
      ORDER BY g.last_id DESC`);
    const part = (order: 'ASC' | 'DESC') =>
      database.prepare<
        [Scope & { before: number | null; after: number | null; limit: number }],
        MessageRow
      >(`
      SELECT m.*, t.id AS turn_id, t.lane, t.origin, t.state, t.error_code, t.attempts, t.queued_at_ms,
        t.started_at_ms, t.finished_at_ms, t.input_tokens, t.output_tokens, t.cache_read_tokens,
        t.cache_creation_tokens, t.cost_usd, e.thinking, e.tools
      FROM (SELECT id, session_id, role, content, source, telegram_chat_id, user_id, username, created_at, bot_id
          FROM chat_messages
          WHERE session_id = :sessionId AND (:botId IS NULL OR bot_id = :botId)
            AND (:before IS NULL OR id < :before) AND (:after IS NULL OR id > :after)
          ORDER BY id ${order} LIMIT :limit) m
        LEFT JOIN turns t ON t.seq = CASE m.role
          WHEN 'assistant' THEN (SELECT seq FROM turns WHERE answer_message_id = m.id LIMIT 1)
          ELSE (SELECT seq FROM turns WHERE user_message_id = m.id LIMIT 1) END
        LEFT JOIN turn_traces e ON e.turn_seq = t.seq AND m.role = 'assistant'
      ORDER BY m.id`);
    this.#newest = part('DESC');
    this.#oldest = part('ASC');
    this.#has = database.prepare<[Scope]>(
      'SELECT 1 FROM chat_messages WHERE session_id = :sessionId AND (:botId IS NULL OR bot_id = :botId) LIMIT 1',
    );
    this.#read = database.prepare<[Scope & { messageId: number }]>(`
      INSERT INTO chat_reads (session_id, bot_id, message_id) VALUES (:sessionId, :botId, :messageId)
      ON CONFLICT (session_id, bot_id) DO UPDATE SET message_id = max(message_id, excluded.message_id)`);
    this.#unread = database
      .prepare<[Scope]>(
        `SELECT ${unread('coalesce(g.message_id, 0)')} FROM chat_reads g
         WHERE g.session_id = :sessionId AND g.bot_id = :botId`,
      )
      .pluck();
  }

  /** The one that something was said in last first. @param before only those whose last message is older */
  list(botId: string | undefined, before: number | undefined, limit: number): ConversationRow[] {
    return this.#list.all({ botId: botId ?? null, before: before ?? null, limit });
  }

  /** Oldest first: the last ones, those just before a message, or those just after one. */
  part(
    sessionId: string,
    botId: string | undefined,
    {
      before,
      after,
      limit,
    }: { before?: number | undefined; after?: number | undefined; limit: number },
  ): MessageRow[] {
    const asked = {
      sessionId,
      botId: botId ?? null,
      before: before ?? null,
      after: after ?? null,
      limit,
    };
    return (after === undefined ? this.#newest : this.#oldest).all(asked);
  }

  has(sessionId: string, botId: string | undefined): boolean {
    return this.#has.get({ sessionId, botId: botId ?? null }) !== undefined;
  }

  /** Read up to that message. @returns how many answers are left */
  markRead(sessionId: string, botId: string, messageId: number): number {
    this.#read.run({ sessionId, botId, messageId });
    return Number(this.#unread.get({ sessionId, botId }) ?? 0);
  }
}
