import type {
  BotId,
  ChatId,
  ChatKey,
  DeliveryChannel,
  DeliveryId,
  DeliveryReason,
  DeliverySource,
  DeliveryState,
} from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Tracer } from '../trace/tracer.ts';
import type { DeliveryRow, NewDelivery } from './delivery.ts';

/** Which deliveries to list. */
export interface DeliveryFilter {
  readonly botId?: BotId | undefined;
  readonly chatId?: ChatId | undefined;
  readonly state?: DeliveryState | undefined;
  readonly source?: DeliverySource['kind'] | undefined;
  readonly channel?: DeliveryChannel | undefined;
  /** Only deliveries that came before that one. */
  readonly before?: DeliveryId | undefined;
  readonly limit: number;
}

/** Why a delivery waits, or is given up. */
export interface Setback {
  readonly reason: DeliveryReason;
  readonly detail: string;
}

/** What the deliveries that are withdrawn came of. */
export interface WithdrawnSources {
  readonly id?: string;
  readonly kinds?: readonly DeliverySource['kind'][];
}

type Nullable<T> = { [K in keyof T]-?: Exclude<T[K], undefined> | null };

/** The deliveries, to chats and by mail. A change of state that does not fit the present state is not made. */
export class DeliveriesRepo {
  readonly #insert;
  readonly #find;
  readonly #list;
  readonly #heads;
  readonly #begin;
  readonly #progress;
  readonly #postpone;
  readonly #move;
  readonly #finish;
  readonly #bury;
  readonly #requeue;
  readonly #requeueTokenless;
  readonly #withdraw;
  readonly #pauses;
  readonly #undelivered;

  readonly #traceContext: Tracer['current'];

  /** @param traceContext what a new delivery is a part of */
  constructor(database: Database, traceContext: Tracer['current'] = () => undefined) {
    this.#traceContext = traceContext;
    this.#insert = database.prepare<[Record<string, string | number | null>]>(`
      INSERT INTO deliveries (id, bot_id, chat_id, source_kind, source_id, text, format, state, created_at_ms,
        trace_context)
      VALUES (:id, :botId, :chatId, :kind, :sourceId, :text, :format, 'queued', :at, :trace)`);
    this.#find = database.prepare<[DeliveryId], DeliveryRow>(
      'SELECT * FROM deliveries WHERE id = ?',
    );
    this.#list = database.prepare<[Nullable<DeliveryFilter>], DeliveryRow>(`
      SELECT * FROM deliveries
      WHERE (:botId IS NULL OR bot_id = :botId) AND (:chatId IS NULL OR chat_id = :chatId)
        AND (:state IS NULL OR state = :state) AND (:source IS NULL OR source_kind = :source)
        AND (:channel IS NULL OR channel = :channel)
        AND (:before IS NULL OR seq < (SELECT seq FROM deliveries WHERE id = :before
          AND (:botId IS NULL OR bot_id = :botId)))
      ORDER BY seq DESC LIMIT :limit`);
    this.#heads = database.prepare<[], DeliveryRow>(`
      SELECT * FROM deliveries WHERE seq IN (
        SELECT min(seq) FROM deliveries
        WHERE state IN ('queued', 'sending') AND channel = 'telegram' GROUP BY bot_id, chat_id)
      ORDER BY seq`);
    this.#begin = database.prepare<[number]>(
      "UPDATE deliveries SET state = 'sending' WHERE seq = ? AND state IN ('queued', 'sending')",
    );
    this.#progress = database.prepare<[number]>(`
      UPDATE deliveries SET attempts = 0, not_before_ms = 0,
        reason = CASE WHEN state = 'dead' THEN reason END, detail = CASE WHEN state = 'dead' THEN detail END
      WHERE seq = ?`);
    this.#postpone = database.prepare<
      [Setback & { seq: number; attempts: number; until: number }]
    >(`
      UPDATE deliveries SET state = 'queued', reason = :reason, detail = :detail, attempts = :attempts,
        not_before_ms = :until
      WHERE seq = :seq AND state IN ('queued', 'sending')`);
    this.#move = database.prepare<[{ seq: number; to: string }]>(
      'UPDATE deliveries SET moved_to = :to WHERE seq = :seq',
    );
    this.#finish = database.prepare<[{ seq: number; at: number }]>(`
      UPDATE deliveries SET state = 'delivered', finished_at_ms = :at
      WHERE seq = :seq AND state IN ('queued', 'sending')`);
    this.#bury = database.prepare<[Setback & { seq: number; attempts: number; at: number }]>(`
      UPDATE deliveries SET state = 'dead', reason = :reason, detail = :detail, attempts = :attempts,
        not_before_ms = 0, finished_at_ms = :at
      WHERE seq = :seq AND state IN ('queued', 'sending')`);
    const anew = `state = CASE state WHEN 'sending' THEN 'sending' ELSE 'queued' END,
      reason = NULL, detail = NULL, attempts = 0, not_before_ms = 0, finished_at_ms = NULL`;
    this.#requeue = database.prepare<[DeliveryId]>(
      `UPDATE deliveries SET ${anew} WHERE id = ? AND state <> 'delivered'`,
    );
    this.#requeueTokenless = database.prepare<[{ botId: BotId; since: number }]>(`
      UPDATE deliveries SET ${anew}
      WHERE bot_id = :botId AND state = 'dead' AND reason IN ('token_missing', 'token_refused')
        AND created_at_ms >= :since`);
    this.#withdraw = database.prepare<
      [ChatKey & Setback & { sourceId: string | null; kinds: string | null; at: number }]
    >(`
      UPDATE deliveries SET state = 'dead', reason = :reason, detail = :detail, not_before_ms = 0,
        finished_at_ms = :at
      WHERE bot_id = :botId AND chat_id = :chatId AND (:sourceId IS NULL OR source_id = :sourceId)
        AND (:kinds IS NULL OR source_kind IN (SELECT value FROM json_each(:kinds)))
        AND channel = 'telegram' AND state IN ('queued', 'sending')`);
    this.#pauses = database.prepare<[], { bot_id: BotId; until: number }>(`
      SELECT bot_id, max(not_before_ms) AS until FROM deliveries
      WHERE state IN ('queued', 'sending') AND reason = 'rate_limited' GROUP BY bot_id`);
    // Each part has an index of its own: those that have arrived are not looked at, however many they are.
    this.#undelivered = database.prepare<[], { state: DeliveryState; n: number }>(`
      SELECT state, count(*) AS n FROM deliveries WHERE state IN ('queued', 'sending') GROUP BY state
      UNION ALL SELECT 'dead', count(*) FROM deliveries WHERE state = 'dead'`);
  }

  insert(id: DeliveryId, { source, text, format, botId, chatId }: NewDelivery, at: number): void {
    const { kind, id: sourceId } = source;
    const trace = this.#traceContext() ?? null;
    this.#insert.run({ id, botId, chatId, kind, sourceId, text, format, at, trace });
  }

  find(id: DeliveryId): DeliveryRow | undefined {
    return this.#find.get(id);
  }

  /** Newest first. */
  list({ botId, chatId, state, source, channel, before, limit }: DeliveryFilter): DeliveryRow[] {
    return this.#list.all({
      botId: botId ?? null,
      chatId: chatId ?? null,
      state: state ?? null,
      source: source ?? null,
      channel: channel ?? null,
      before: before ?? null,
      limit,
    });
  }

  /** Of each chat the oldest delivery by Telegram that is open: the one whose turn it is. */
  heads(): DeliveryRow[] {
    return this.#heads.all();
  }

  /** @returns false when it is open no longer */
  begin(seq: number): boolean {
    return this.#begin.run(seq).changes === 1;
  }

  /** Something of it has arrived: what went wrong before counts no longer. */
  progressed(seq: number): void {
    this.#progress.run(seq);
  }

  /** @param until Unix milliseconds */
  postpone(seq: number, setback: Setback, attempts: number, until: number): void {
    this.#postpone.run({ seq, ...setback, attempts, until });
  }

  move(seq: number, to: string): void {
    this.#move.run({ seq, to });
  }

  finish(seq: number, at: number): void {
    this.#finish.run({ seq, at });
  }

  bury(seq: number, setback: Setback, attempts: number, at: number): void {
    this.#bury.run({ seq, ...setback, attempts, at });
  }

  /** Try it again, at once. @returns false when it was delivered already */
  requeue(id: DeliveryId): boolean {
    return this.#requeue.run(id).changes === 1;
  }

  /** Take up what lacked a token that works. @param since Unix milliseconds; what is older stays dead */
  requeueTokenless(botId: BotId, since: number): void {
    this.#requeueTokenless.run({ botId, since });
  }

  /** Give up what a chat has not got yet. */
  withdraw(
    { botId, chatId }: ChatKey,
    { id, kinds }: WithdrawnSources,
    setback: Setback,
    at: number,
  ): void {
    const of = { sourceId: id ?? null, kinds: kinds === undefined ? null : JSON.stringify(kinds) };
    this.#withdraw.run({ botId, chatId, ...of, ...setback, at });
  }

  /** How many deliveries there are that have not arrived, by state. */
  undelivered(): { state: DeliveryState; n: number }[] {
    return this.#undelivered.all();
  }

  /** Until when bots have been told to wait, Unix milliseconds. */
  pauses(): { bot_id: BotId; until: number }[] {
    return this.#pauses.all();
  }
}
