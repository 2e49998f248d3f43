import { type BotId, type ChatKey, type DeliveryId, GatewayError } from '@mini-claude-bot/contract';
import type { DeliveriesRepo, DeliveryFilter, WithdrawnSources } from './deliveries-repo.ts';
import type { DeliveryRow, NewDelivery } from './delivery.ts';

/** A token that comes late still sends what was owed for so long. What is older would only surprise. */
const owedForMs = 24 * 3600 * 1000;

/** How far something is that takes long. */
export interface Progress extends ChatKey {
  /** Markdown, short: what does not fit into one message is left out. */
  readonly text: string;
}

/** Messages that are edited as something gets on. */
export interface ProgressMessages {
  readonly show: (ref: string, progress: Progress) => void;
  /** @param by the delivery that takes its place; undefined: none does */
  readonly end: (ref: string, by: DeliveryId | undefined) => void;
  /** Take away those whose end has come. */
  readonly settle: () => void;
}

/** What the outbox is made of. */
export interface OutboxParts {
  readonly deliveries: DeliveriesRepo;
  readonly progress: ProgressMessages;
  readonly now: () => number;
  readonly newDeliveryId: () => DeliveryId;
  /** Look for what can be sent. Called after the present transaction. */
  readonly wake: () => void;
}

/** What is to be told to chats: each a row, sent until it has arrived. */
export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /**
   * Tell a chat something, surely and in order. To be called in the transaction of the result that it
   * carries: both are there, or neither. It is sent as soon as that is committed.
   * @throws SQLite's error when it can't be written
   */
  enqueue(delivery: NewDelivery): DeliveryId {
    const { deliveries, progress, now, newDeliveryId } = this.#parts;
    const id = newDeliveryId();
    deliveries.insert(id, delivery, now());
    if (delivery.endsProgress !== undefined) progress.end(delivery.endsProgress, id);
    this.wake();
    return id;
  }

  /** Look for what can be sent. `enqueue` does it by itself. */
  wake(): void {
    // A transaction is synchronous: by then it is committed, or there is nothing new.
    queueMicrotask(this.#parts.wake);
  }

  /**
   * Show how far something is, in one message of the chat that is edited at most once in 3 s. It is kept
   * which message that is, so that a restart goes on with it, but not each text. What goes wrong here is
   * tried no harder, and harms no delivery. It ends with a delivery that has this `ref` as `endsProgress`.
   * @param ref whose progress it is, such as `task:{id}`: one message for each, and none after its end
   * @throws SQLite's error, of the first call, when it can't be written
   */
  progress(ref: string, progress: Progress): void {
    this.#parts.progress.show(ref, progress);
  }

  /** Take a progress message away without a result, as when a task is stopped. */
  endProgress(ref: string): void {
    const { progress } = this.#parts;
    progress.end(ref, undefined);
    queueMicrotask(() => progress.settle());
  }

  /**
   * Give up what a chat has not got yet, as when it is stopped. Can be called in a transaction.
   * @param of only what came of that: of one thing, or of some kinds; unset: of anything
   */
  withdraw(chat: ChatKey, why: string, of: WithdrawnSources = {}): void {
    const { deliveries, now } = this.#parts;
    deliveries.withdraw(chat, of, { reason: 'withdrawn', detail: why }, now());
  }

  /** A bot has a new token: what waited for one goes out. */
  tokenArrived(botId: BotId): void {
    const { deliveries, now } = this.#parts;
    deliveries.requeueTokenless(botId, now() - owedForMs);
    this.wake();
  }

  list(filter: DeliveryFilter): DeliveryRow[] {
    return this.#parts.deliveries.list(filter);
  }

  /**
   * @param botId only a delivery of this bot's; undefined: of any
   * @throws GatewayError `not_found`
   */
  find(id: DeliveryId, botId: BotId | undefined): DeliveryRow {
    const row = this.#parts.deliveries.find(id);
    if (row === undefined || (botId !== undefined && row.bot_id !== botId)) {
      throw new GatewayError('not_found', 'There is no delivery with this id.');
    }
    return row;
  }

  /**
   * Take a dead delivery up again, or try a waiting one at once.
   * @throws GatewayError `not_found`
   */
  retry(
    id: DeliveryId,
    botId: BotId | undefined,
  ): { retried: boolean; state: DeliveryRow['state'] } {
    this.find(id, botId);
    const retried = this.#parts.deliveries.requeue(id);
    this.wake();
    return { retried, state: this.find(id, botId).state };
  }
}
