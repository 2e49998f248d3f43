import type { BotId, DeliveryId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import {
  type CallFailure,
  type StyledText,
  type Target,
  type Telegram,
  telegramChatIdOf,
} from '../telegram/telegram.ts';
import type { BotPauses } from './bot-pauses.ts';
import type { BotTokens } from './bot-tokens.ts';
import type { Progress, ProgressMessages } from './outbox.ts';
import type { ProgressRepo, ProgressRow } from './progress-repo.ts';

/** From one edit of a message to the next: Telegram soon refuses more. */
const betweenEditsMs = 3_000;
const afterFaultMs = 15_000;
const endAgainMs = 60_000;

/** What the board works with. */
export interface ProgressBoardParts {
  readonly repo: ProgressRepo;
  readonly tokens: Pick<BotTokens, 'of'>;
  readonly telegram: Telegram;
  readonly pauses: BotPauses;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is to be shown of one thing that takes long. */
interface Live {
  readonly ref: string;
  readonly botId: BotId;
  text: string;
  /** It is not in the chat yet. */
  fresh: boolean;
  /** Telegram does not take it with styles. */
  plain: boolean;
  nextAtMs: number;
  cancel: (() => void) | undefined;
  busy: Promise<void> | undefined;
}

/** Messages that show how far something is. Only which message it is outlives a restart. */
export class ProgressBoard implements ProgressMessages {
  readonly #parts: ProgressBoardParts;
  readonly #live = new Map<string, Live>();
  readonly #ending = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #cancelSettle = (): void => {};

  constructor(parts: ProgressBoardParts) {
    this.#parts = parts;
  }

  show(ref: string, progress: Progress): void {
    const live = this.#live.get(ref) ?? this.#begin(ref, progress);
    if (live === undefined) return;
    live.fresh ||= live.text !== progress.text;
    live.text = progress.text;
    this.#arm(live);
  }

  end(ref: string, by: DeliveryId | undefined): void {
    this.#parts.repo.markEnding(ref, by);
  }

  /** Take away what has come to its end: once what takes its place has arrived. */
  settle(): void {
    if (this.#stop.signal.aborted) return;
    for (const row of this.#parts.repo.due()) {
      if (this.#ending.has(row.ref)) continue;
      const work = this.#takeAway(row)
        .catch((error: unknown) => this.#complain(error))
        .finally(() => this.#ending.delete(row.ref));
      this.#ending.set(row.ref, work);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('it stops'));
    this.#cancelSettle();
    for (const live of this.#live.values()) live.cancel?.();
    await Promise.all([...this.#live.values()].map(({ busy }) => busy));
    await Promise.all(this.#ending.values());
  }

  /** Go on with the message that an earlier run has begun, or note that there will be one. */
  #begin(ref: string, progress: Progress): Live | undefined {
    const { repo } = this.#parts;
    const row = repo.find(ref);
    if (row === undefined) repo.add(ref, progress);
    else if (row.state !== 'live') return undefined;
    const { botId } = progress;
    const rest = { text: '', fresh: true, plain: false, nextAtMs: 0 };
    const live: Live = { ref, botId, ...rest, cancel: undefined, busy: undefined };
    this.#live.set(ref, live);
    return live;
  }

  #arm(live: Live): void {
    if (!live.fresh || live.busy !== undefined || live.cancel !== undefined) return;
    if (this.#stop.signal.aborted) return;
    const { clock, pauses } = this.#parts;
    const delay = Math.max(live.nextAtMs, pauses.until(live.botId)) - clock.now();
    live.cancel = clock.after(Math.max(0, delay), () => {
      live.cancel = undefined;
      live.busy = this.#put(live)
        .catch((error: unknown) => this.#complain(error))
        .finally(() => {
          live.busy = undefined;
          this.#arm(live);
        });
    });
  }

  async #put(live: Live): Promise<void> {
    const { repo, telegram, clock } = this.#parts;
    const row = repo.find(live.ref);
    const to = row === undefined || row.state !== 'live' ? undefined : this.#targetOf(row);
    live.fresh = false;
    if (row === undefined || to === undefined) return;
    const message = await firstMessage(live);
    if (message === undefined) return;
    const result =
      row.message_id === null
        ? await telegram.sendText(to, message, this.#stop.signal)
        : await telegram.editText(to, row.message_id, message, this.#stop.signal);
    live.nextAtMs = clock.now() + betweenEditsMs;
    if (result.kind !== 'ok') this.#takeFailure(result, live, row);
    else if (typeof result.value === 'number') repo.keepMessage(live.ref, result.value);
  }

  #takeFailure(failure: CallFailure, live: Live, row: ProgressRow): void {
    const { repo, pauses, clock } = this.#parts;
    switch (failure.kind) {
      case 'rate_limited':
        pauses.pause(row.bot_id, clock.now() + failure.retryAfterMs);
        live.fresh = true;
        break;
      case 'unreachable':
      case 'server_error':
        live.nextAtMs = clock.now() + afterFaultMs;
        live.fresh = true;
        break;
      case 'rejected':
        if (/not modified/i.test(failure.words)) break;
        // Somebody removed the message, or it can't be formatted like that: another one, without styles.
        live.fresh = !live.plain;
        live.plain = true;
        if (row.message_id !== null) repo.keepMessage(row.ref, null);
        break;
    }
  }

  async #takeAway(row: ProgressRow): Promise<void> {
    const { repo, telegram, clock } = this.#parts;
    const live = this.#live.get(row.ref);
    live?.cancel?.();
    await live?.busy;
    this.#live.delete(row.ref);
    // The first message may have arrived just now.
    const messageId = repo.find(row.ref)?.message_id ?? null;
    const to = this.#targetOf(row);
    if (messageId !== null && to !== undefined) {
      const result = await telegram.deleteMessage(to, messageId, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (result.kind === 'rejected') {
        // It is older than a bot may delete.
        const done = { text: '✓', entities: [] };
        await telegram.editText(to, messageId, done, this.#stop.signal);
      } else if (isPassing(result.kind)) {
        this.#cancelSettle();
        this.#cancelSettle = clock.after(endAgainMs, () => this.settle());
        return;
      }
    }
    repo.markEnded(row.ref);
  }

  #targetOf({ bot_id, chat_id }: ProgressRow): Target | undefined {
    const token = this.#parts.tokens.of(bot_id);
    const chatId = telegramChatIdOf(chat_id);
    return token === undefined || chatId === undefined ? undefined : { token, chatId };
  }

  #complain(error: unknown): void {
    this.#parts.logger.warn({ err: error }, 'a progress message could not be kept up');
  }
}

/** As much of it as one message holds. What reads Markdown is loaded only where something is shown. */
async function firstMessage(live: Pick<Live, 'text' | 'plain'>): Promise<StyledText | undefined> {
  const { formatMarkdown, formatPlain, splitMessage } = await import(
    '../telegram/formatting/index.ts'
  );
  return splitMessage((live.plain ? formatPlain : formatMarkdown)(live.text))[0];
}

const isPassing = (kind: CallFailure['kind'] | 'ok'): boolean =>
  kind === 'rate_limited' || kind === 'unreachable' || kind === 'server_error';
