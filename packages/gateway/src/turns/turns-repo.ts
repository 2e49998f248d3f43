import {
  type BotId,
  type ChatId,
  type ChatKey,
  type ErrorCode,
  type TurnId,
  type TurnState,
  TurnStep,
} from '@mini-claude-bot/contract';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { TraceContext } from '../trace/tracer.ts';
import type { Lane, Origin } from './lane.ts';

export interface TurnRow {
  readonly seq: number;
  readonly id: TurnId;
  readonly bot_id: BotId;
  readonly chat_id: ChatId;
  readonly lane: Lane;
  readonly origin: Origin;
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
  /** What it is a part of, where traces are kept. */
  readonly trace_context: TraceContext | null;
  /** The user's message. */
  readonly prompt: string;
  readonly user_id: string | null;
  /** The stored answer, once there is one. */
  readonly answer: string | null;
}

export interface NewTurn extends ChatKey {
  readonly id: TurnId;
  readonly lane: Lane;
  readonly origin: Origin;
  readonly userMessageId: number;
  readonly queuedAtMs: number;
  readonly idempotencyKey?: string | undefined;
  readonly traceContext?: TraceContext | undefined;
}

/** Which turns to list. */
export interface TurnFilter {
  readonly botId?: BotId | undefined;
  readonly chatId?: ChatId | undefined;
  readonly state?: TurnState | undefined;
  /** Only turns that came before that one. */
  readonly before?: TurnId | undefined;
  readonly limit: number;
}

/** What is written when a turn ends. */
export interface TurnEnd {
  readonly id: TurnId;
  readonly state: Exclude<TurnState, 'queued' | 'running'>;
  readonly errorCode: ErrorCode | null;
  readonly answerMessageId: number;
  /** 1: there is a reader who has not been told yet. */
  readonly readerLost: 0 | 1;
  readonly finishedAtMs: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheCreationTokens: number | null;
  readonly costUsd: number | null;
  /** The conversation of Claude's that it was a part of. */
  readonly claudeSessionId: string | null;
}

const select = `
  SELECT t.seq, t.id, t.bot_id, t.chat_id, t.lane, t.origin, t.state, t.error_code, t.attempts,
    t.queued_at_ms, t.started_at_ms, t.finished_at_ms,
    t.input_tokens, t.output_tokens, t.cache_read_tokens, t.cache_creation_tokens, t.cost_usd, t.trace_context,
    q.content AS prompt, q.user_id, a.content AS answer
  FROM turns t JOIN chat_messages q ON q.id = t.user_message_id
  LEFT JOIN chat_messages a ON a.id = t.answer_message_id`;

/** The journal of turns. */
export class TurnsRepo {
  readonly #insert;
  readonly #find;
  readonly #findByKey;
  readonly #list;
  readonly #start;
  readonly #requeue;
  readonly #end;
  readonly #unfinished;
  readonly #lostReaders;
  readonly #setReaderLost;
  readonly #loseUnfinished;
  readonly #addSteps;
  readonly #steps;

  constructor(database: Database) {
    this.#insert = database.prepare<
      [
        Omit<NewTurn, 'idempotencyKey' | 'traceContext'> & {
          idempotencyKey: string | null;
          traceContext: TraceContext | null;
        },
      ]
    >(`
      INSERT INTO turns (id, bot_id, chat_id, lane, origin, state, user_message_id, queued_at_ms, idempotency_key,
        trace_context)
      VALUES (:id, :botId, :chatId, :lane, :origin, 'queued', :userMessageId, :queuedAtMs, :idempotencyKey,
        :traceContext)`);
    this.#find = database.prepare<[TurnId], TurnRow>(`${select} WHERE t.id = ?`);
    this.#findByKey = database.prepare<[ChatKey & { key: string }], TurnRow>(
      `${select} WHERE t.bot_id = :botId AND t.chat_id = :chatId AND t.idempotency_key = :key`,
    );
    this.#list = database.prepare<
      [Record<keyof TurnFilter, string | number | null>],
      TurnRow
    >(`${select}
      WHERE (:botId IS NULL OR t.bot_id = :botId) AND (:chatId IS NULL OR t.chat_id = :chatId)
        AND (:state IS NULL OR t.state = :state)
        AND (:before IS NULL OR t.seq < (SELECT seq FROM turns WHERE id = :before
          AND (:botId IS NULL OR bot_id = :botId)))
      ORDER BY t.seq DESC LIMIT :limit`);
    this.#start = database.prepare<[{ id: TurnId; at: number }]>(
      "UPDATE turns SET state = 'running', started_at_ms = :at, attempts = attempts + 1 WHERE id = :id AND state = 'queued'",
    );
    this.#requeue = database.prepare<[TurnId]>(
      "UPDATE turns SET state = 'queued' WHERE id = ? AND state = 'running'",
    );
    this.#end = database.prepare<[TurnEnd]>(`
      UPDATE turns SET state = :state, error_code = :errorCode, answer_message_id = :answerMessageId,
        finished_at_ms = :finishedAtMs, input_tokens = :inputTokens, output_tokens = :outputTokens,
        cache_read_tokens = :cacheReadTokens, cache_creation_tokens = :cacheCreationTokens, cost_usd = :costUsd,
        claude_session_id = :claudeSessionId, reader_lost = max(reader_lost, :readerLost)
      WHERE id = :id AND state IN ('queued', 'running')`);
    this.#unfinished = database.prepare<[], TurnRow>(
      `${select} WHERE t.state IN ('queued', 'running') ORDER BY t.seq`,
    );
    this.#lostReaders = database.prepare<
      [ChatKey & { prompt: string; userId: string | null; since: number }],
      TurnRow
    >(`${select}
      WHERE t.bot_id = :botId AND t.chat_id = :chatId AND t.reader_lost = 1
        AND t.origin = 'chat' AND q.content = :prompt AND q.user_id IS :userId
        AND (t.finished_at_ms IS NULL OR t.finished_at_ms >= :since)
      ORDER BY t.seq`);
    this.#setReaderLost = database.prepare<[{ id: TurnId; lost: 0 | 1 }]>(
      'UPDATE turns SET reader_lost = :lost WHERE id = :id',
    );
    this.#loseUnfinished = database.prepare<[]>(
      "UPDATE turns SET reader_lost = 1 WHERE origin = 'chat' AND state IN ('queued', 'running')",
    );
    this.#addSteps = database.prepare<[{ id: TurnId; count: number; steps: string }]>(
      'INSERT OR REPLACE INTO turn_steps SELECT seq, :count, :steps FROM turns WHERE id = :id',
    );
    this.#steps = database.prepare<[TurnId], { steps: string }>(
      'SELECT s.steps FROM turns t JOIN turn_steps s ON s.turn_seq = t.seq WHERE t.id = ?',
    );
  }

  insert(turn: NewTurn): void {
    const { idempotencyKey = null, traceContext = null } = turn;
    this.#insert.run({ ...turn, idempotencyKey, traceContext });
  }

  find(id: TurnId): TurnRow | undefined {
    return this.#find.get(id);
  }

  findByKey(chat: ChatKey, key: string): TurnRow | undefined {
    return this.#findByKey.get({ ...chat, key });
  }

  /** Newest first. */
  list({ botId, chatId, state, before, limit }: TurnFilter): TurnRow[] {
    return this.#list.all({
      botId: botId ?? null,
      chatId: chatId ?? null,
      state: state ?? null,
      before: before ?? null,
      limit,
    });
  }

  start(id: TurnId, at: number): void {
    this.#start.run({ id, at });
  }

  /** One that was running waits to run again. */
  requeue(id: TurnId): void {
    this.#requeue.run(id);
  }

  /** Does nothing to a turn that has ended already: the first end counts. @returns whether it was written */
  end(end: TurnEnd): boolean {
    return this.#end.run(end).changes === 1;
  }

  /** What was done on the way to the end. */
  addSteps(id: TurnId, steps: readonly TurnStep[]): void {
    if (steps.length === 0) return;
    this.#addSteps.run({ id, count: steps.length, steps: JSON.stringify(steps) });
  }

  steps(id: TurnId): TurnStep[] {
    const row = this.#steps.get(id);
    return row === undefined ? [] : z.array(TurnStep).parse(JSON.parse(row.steps));
  }

  /** Turns that wait or were running, oldest first. */
  unfinished(): TurnRow[] {
    return this.#unfinished.all();
  }

  /** Turns of that text by that user whose end somebody did not hear, oldest first. */
  findLostReaders(chat: ChatKey, prompt: string, userId: string | null, since: number): TurnRow[] {
    return this.#lostReaders.all({ ...chat, prompt, userId, since });
  }

  setReaderLost(id: TurnId, lost: boolean): void {
    this.#setReaderLost.run({ id, lost: lost ? 1 : 0 });
  }

  /** After a restart nobody reads the turns that were under way. */
  loseReadersOfUnfinished(): void {
    this.#loseUnfinished.run();
  }
}
