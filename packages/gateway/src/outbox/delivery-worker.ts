import { setMaxListeners } from 'node:events';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { wait } from '../host/wait.ts';
import { type Target, type Telegram, telegramChatIdOf } from '../telegram/telegram.ts';
import type { BotPauses } from './bot-pauses.ts';
import type { BotTokens } from './bot-tokens.ts';
import { decideNext, type NextStep } from './decide-next.ts';
import type { DeliveriesRepo, Setback } from './deliveries-repo.ts';
import type { DeliveryRow, PartRow } from './delivery.ts';
import type { FilesRepo } from './files-repo.ts';
import type { PartsRepo } from './parts-repo.ts';

/** Chats that are sent to at the same time: one that Telegram is slow with holds up no other. */
const mostAtOnce = 16;
/** The database can't be written for now. */
const tryAgainMs = 5_000;

/** What the worker works with. */
export interface DeliveryWorkerParts {
  readonly database: Database;
  readonly deliveries: DeliveriesRepo;
  readonly parts: PartsRepo;
  readonly files: FilesRepo;
  readonly tokens: Pick<BotTokens, 'of'>;
  readonly telegram: Telegram;
  readonly pauses: BotPauses;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** A delivery has arrived as a whole. */
  readonly onDelivered: () => void;
  /** A delivery has arrived, or is given up. */
  readonly onEnded?: (row: DeliveryRow, outcome: 'delivered' | 'dead') => void;
}

/**
 * Sends what the outbox holds: of each chat one message after the other, in the order of their
 * deliveries. Before a message goes to Telegram its row says so, and its id is stored as soon as it is
 * known: what has arrived is never sent again.
 */
export class DeliveryWorker {
  readonly #parts: DeliveryWorkerParts;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #serving = false;
  #cancelTimer = (): void => {};

  constructor(parts: DeliveryWorkerParts) {
    this.#parts = parts;
    // One for each chat that is sent to.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Begin, where an earlier run left off. */
  start(): void {
    const { parts, deliveries, pauses } = this.#parts;
    parts.recover();
    for (const { bot_id, until } of deliveries.pauses()) pauses.pause(bot_id, until);
    this.#serving = true;
    this.wake();
  }

  /** Begin nothing new, and end what goes on: on its own within `graceMs`, else without its answer. */
  async close(graceMs: number): Promise<void> {
    this.#serving = false;
    this.#cancelTimer();
    const cancel = this.#parts.clock.after(graceMs, () => this.#stop.abort(new Error('it stops')));
    await Promise.all(this.#busy.values());
    cancel();
    this.#stop.abort(new Error('it stops'));
  }

  /** Look for what is due, and for when the next will be. */
  readonly wake = (): void => {
    if (!this.#serving) return;
    this.#cancelTimer();
    const { clock, logger } = this.#parts;
    let next: number | undefined;
    try {
      next = this.#beginDue();
    } catch (error) {
      logger.error({ err: error }, 'the outbox cannot be read');
      next = clock.now() + tryAgainMs;
    }
    if (next !== undefined) this.#cancelTimer = clock.after(next - clock.now(), this.wake);
  };

  /** @returns when something will be due that is not yet, in Unix milliseconds */
  #beginDue(): number | undefined {
    const { deliveries, pauses, clock } = this.#parts;
    const now = clock.now();
    const later: number[] = [];
    for (const head of deliveries.heads()) {
      const chat = JSON.stringify([head.bot_id, head.chat_id]);
      const due = Math.max(head.not_before_ms, pauses.until(head.bot_id));
      if (due > now) later.push(due);
      else if (!this.#busy.has(chat) && this.#busy.size < mostAtOnce) this.#begin(chat, head);
    }
    return later.length === 0 ? undefined : Math.min(...later);
  }

  #begin(chat: string, head: DeliveryRow): void {
    const work = this.#deliver(head)
      .catch(async (error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#parts.logger.error({ err: error, delivery: head.id }, 'a delivery could not go on');
        await wait(tryAgainMs, this.#parts.clock, this.#stop.signal).catch(() => {});
      })
      .finally(() => {
        this.#busy.delete(chat);
        this.wake();
      });
    this.#busy.set(chat, work);
  }

  async #deliver({ id }: DeliveryRow): Promise<void> {
    const { deliveries } = this.#parts;
    for (;;) {
      const row = deliveries.find(id);
      const open = row?.state === 'queued' || row?.state === 'sending';
      if (!open || !this.#serving || !(await this.#sendNext(row))) return;
    }
  }

  /** Send the next message of a delivery. @returns whether to go on with it at once */
  async #sendNext(row: DeliveryRow): Promise<boolean> {
    const { deliveries, clock, onDelivered, onEnded } = this.#parts;
    const target = this.#targetOf(row);
    if ('reason' in target) {
      deliveries.bury(row.seq, target, row.attempts, clock.now());
      onEnded?.(row, 'dead');
      return false;
    }
    const part = await this.#nextPart(row);
    if (part === undefined) {
      this.#finish(row);
      onDelivered();
      onEnded?.(row, 'delivered');
      return false;
    }
    this.#markSending(row, part);
    const result = await this.#send(target, row, part);
    if (result.kind === 'ok') {
      await this.#surely(() => this.#arrived(row, part, result.value));
      return true;
    }
    // It was cut off by us. The row says `sending`, and the next start asks no more than that.
    if (this.#stop.signal.aborted) return false;
    const step = decideNext({
      failure: result,
      attempts: row.attempts,
      sentTo: String(target.chatId),
      styled: !part.plain && part.entities.length > 0,
      now: clock.now(),
      random: this.#parts.random(),
    });
    await this.#surely(() => this.#take(step, row, part));
    return step.kind === 'plain' || step.kind === 'follow';
  }

  #targetOf({ bot_id, chat_id, moved_to }: DeliveryRow): Target | Setback {
    const chatId = telegramChatIdOf(moved_to ?? chat_id);
    if (chatId === undefined) {
      const detail = `The chat ${JSON.stringify(chat_id)} is none of Telegram's, and there is no other way to it.`;
      return { reason: 'not_telegram_chat', detail };
    }
    const token = this.#parts.tokens.of(bot_id);
    if (token !== undefined) return { token, chatId };
    const detail =
      `The gateway has no Telegram token of the bot ${bot_id}. The bot sends it with a background task` +
      `${bot_id === 'default' ? ', or set TELEGRAM_BOT_TOKEN' : ''}; then retry.`;
    return { reason: 'token_missing', detail };
  }

  /** The first message that has not arrived. The messages are fixed before the first is sent. */
  async #nextPart({ id, seq, text, format }: DeliveryRow): Promise<PartRow | undefined> {
    const { parts, files, logger } = this.#parts;
    if (parts.of(seq).length === 0) {
      // It brings what reads Markdown, which a gateway that sends nothing needs not hold.
      const { filePart, planParts } = await import('./plan-parts.ts');
      parts.plan(seq, files.has(id) ? [filePart(text)] : planParts(text, format, logger));
    }
    return parts.next(seq);
  }

  /** All of it has arrived. */
  #finish({ id, seq }: DeliveryRow): void {
    const { database, deliveries, files, clock } = this.#parts;
    database.transaction(() => {
      deliveries.finish(seq, clock.now());
      files.drop(id);
    })();
  }

  #markSending({ seq }: DeliveryRow, { n }: PartRow): void {
    const { database, deliveries, parts } = this.#parts;
    database.transaction(() => {
      deliveries.begin(seq);
      parts.markSending(seq, n);
    })();
  }

  #send(target: Target, row: DeliveryRow, part: PartRow) {
    const { telegram, files } = this.#parts;
    if (part.kind === 'document') {
      const file = files.find(row.id) ?? { name: 'result.md', content: row.text };
      const document = { ...file, caption: part.text };
      return telegram.sendDocument(target, document, this.#stop.signal);
    }
    const entities = part.plain ? [] : part.entities;
    return telegram.sendText(target, { text: part.text, entities }, this.#stop.signal);
  }

  #arrived({ seq }: DeliveryRow, { n }: PartRow, messageId: number): void {
    const { database, deliveries, parts } = this.#parts;
    database.transaction(() => {
      parts.markArrived(seq, n, messageId);
      deliveries.progressed(seq);
    })();
  }

  #take(step: NextStep, row: DeliveryRow, { n }: PartRow): void {
    const { database, deliveries, parts, pauses, clock, logger } = this.#parts;
    const { seq, id } = row;
    database.transaction(() => {
      parts.sendAgain(seq, n, step.kind === 'wait' && step.doubtful);
      if (step.kind === 'plain') parts.makePlain(seq, n);
      if (step.kind === 'follow') deliveries.move(seq, step.to);
      if (step.kind === 'give_up') deliveries.bury(seq, step.setback, step.attempts, clock.now());
      if (step.kind === 'wait') deliveries.postpone(seq, step.setback, step.attempts, step.until);
    })();
    if (step.kind === 'wait' && step.wholeBot) pauses.pause(row.bot_id, step.until);
    if (step.kind === 'give_up') this.#parts.onEnded?.(row, 'dead');
    if ('setback' in step) logger.warn({ delivery: id, ...step.setback }, 'a message was not sent');
  }

  /** What has happened must be written: it is tried until it can be. */
  async #surely(write: () => void): Promise<void> {
    const { clock, logger } = this.#parts;
    for (;;) {
      try {
        return write();
      } catch (error) {
        logger.error({ err: error }, 'what became of a message cannot be written yet');
        await wait(tryAgainMs, clock, this.#stop.signal);
      }
    }
  }
}
