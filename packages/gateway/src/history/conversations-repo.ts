import {
  type ChatMessage,
  type ConversationMessage,
  longestExcerpt,
  type operations,
  type ParsedInputOf,
} from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import { describeMessageTurn, type MessageTurnRow } from '../turns/describe-turn.ts';

/** The last message of a conversation, and how many it has. */
export interface LastMessageRow {
  readonly session_id: string;
  readonly bot_id: string;
  readonly message_count: number;
  readonly id: number;
  readonly role: ChatMessage['role'];
  readonly source: string;
  readonly username: string | null;
  /** The first 200 characters. */
  readonly text: string;
  readonly created_at: string;
}

type Row = ChatMessage & { readonly length: number; readonly steps: number | null } & {
  readonly [K in keyof MessageTurnRow as `t_${K}`]: MessageTurnRow[K] | null;
};

interface Place {
  readonly sessionId: string;
  readonly botId: string;
  readonly before: number;
  readonly after: number;
  /** One more than is asked for: whether there are more. */
  readonly limit: number;
  readonly longest: number;
}

const turnColumns = [
  'id',
  'lane',
  'origin',
  'state',
  'error_code',
  'attempts',
  'queued_at_ms',
  'started_at_ms',
  'finished_at_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'cost_usd',
] as const satisfies readonly (keyof MessageTurnRow)[];

/** A message begins one turn, or ends one. */
const select = `
  SELECT m.id, m.session_id, m.role, substr(m.content, 1, :longest) AS content, length(m.content) AS length,
    m.source, m.telegram_chat_id, m.user_id, m.username, m.created_at, m.bot_id,
    ${turnColumns.map((name) => `t.${name} AS t_${name}`).join(', ')},
    (SELECT count FROM turn_steps WHERE turn_seq = t.seq) AS steps
  FROM chat_messages m LEFT JOIN turns t ON t.seq = coalesce(
    (SELECT seq FROM turns WHERE user_message_id = m.id),
    (SELECT seq FROM turns WHERE answer_message_id = m.id))
  WHERE m.session_id = :sessionId AND m.bot_id = :botId AND m.id > :after AND m.id < :before`;

/** The chat history as conversations that are read piece by piece. */
export class ConversationsRepo {
  readonly #last;
  readonly #forwards;
  readonly #backwards;
  readonly #isBefore;
  readonly #isAfter;

  constructor(database: Database) {
    this.#last = database.prepare<[{ botId: string | null }], LastMessageRow>(`
      SELECT c.session_id, c.bot_id, c.message_count, m.id, m.role, m.source, m.username,
        substr(m.content, 1, 200) AS text, m.created_at
      FROM conversations c JOIN chat_messages m ON m.id = c.last_message_id
      WHERE :botId IS NULL OR c.bot_id = :botId
      ORDER BY c.last_message_id DESC`);
    this.#forwards = database.prepare<[Place], Row>(`${select} ORDER BY m.id LIMIT :limit`);
    this.#backwards = database.prepare<[Place], Row>(`${select} ORDER BY m.id DESC LIMIT :limit`);
    const ofSession = 'FROM chat_messages WHERE session_id = :sessionId AND bot_id = :botId';
    type Edge = Pick<Place, 'sessionId' | 'botId'> & { id: number };
    this.#isBefore = database.prepare<[Edge], unknown>(
      `SELECT 1 ${ofSession} AND id < :id LIMIT 1`,
    );
    this.#isAfter = database.prepare<[Edge], unknown>(`SELECT 1 ${ofSession} AND id > :id LIMIT 1`);
  }

  /** The last message of each conversation, newest first. @param botId undefined: of all bots */
  lastMessages(botId: string | undefined): LastMessageRow[] {
    return this.#last.all({ botId: botId ?? null });
  }

  read(input: ParsedInputOf<typeof operations.readConversation>) {
    const place = { sessionId: input.session_id, botId: input.bot_id };
    const scope = {
      ...place,
      before: input.before ?? Number.MAX_SAFE_INTEGER,
      after: input.after ?? -1,
      limit: input.limit,
      longest: input.whole ? Number.MAX_SAFE_INTEGER : longestExcerpt,
    };
    const rows =
      input.after === undefined ? this.#backwards.all(scope).reverse() : this.#forwards.all(scope);
    const first = rows[0]?.id ?? input.before ?? (input.after ?? -1) + 1;
    const last = rows.at(-1)?.id ?? input.after ?? (input.before ?? 0) - 1;
    return {
      messages: rows.map(messageOf),
      more_before: this.#isBefore.get({ ...place, id: first }) !== undefined,
      more_after: this.#isAfter.get({ ...place, id: last }) !== undefined,
    };
  }
}

function messageOf(row: Row): ConversationMessage {
  const { id, session_id, role, content, source, telegram_chat_id, user_id, username } = row;
  const { created_at, bot_id, length } = row;
  const message = { id, session_id, role, content, source, telegram_chat_id, user_id, username };
  return { ...message, created_at, bot_id, length, turn: turnOf(row) };
}

function turnOf(row: Row): ConversationMessage['turn'] {
  const { t_id, t_lane, t_origin, t_state, t_attempts, t_queued_at_ms } = row;
  if (t_id === null || t_lane === null || t_origin === null || t_state === null) return null;
  const turn = describeMessageTurn({
    id: t_id,
    lane: t_lane,
    origin: t_origin,
    state: t_state,
    error_code: row.t_error_code,
    attempts: t_attempts ?? 0,
    queued_at_ms: t_queued_at_ms ?? 0,
    started_at_ms: row.t_started_at_ms,
    finished_at_ms: row.t_finished_at_ms,
    input_tokens: row.t_input_tokens,
    output_tokens: row.t_output_tokens,
    cache_read_tokens: row.t_cache_read_tokens,
    cache_creation_tokens: row.t_cache_creation_tokens,
    cost_usd: row.t_cost_usd,
  });
  return { ...turn, steps: row.steps ?? 0 };
}
