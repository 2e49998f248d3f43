import type { ChatKey, TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import { chatSessionId, telegramChatId } from '../history/chat-session-id.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import type { LiveTurn, Message } from './live-turn.ts';
import { replyText } from './reply.ts';
import type { RunResult } from './turn-runner.ts';
import type { TurnsRepo } from './turns-repo.ts';

const tryAgainMs = 5_000;

/** What the journal writes to. */
export interface TurnJournalParts {
  readonly database: Database;
  readonly turns: TurnsRepo;
  readonly history: ChatHistoryRepo;
  readonly sessions: ChatSessions;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Writes what becomes of a turn, each step in one transaction: all of it is there, or nothing. */
export class TurnJournal {
  readonly #parts: TurnJournalParts;
  /** Ends that could not be written yet. */
  #owed: { readonly turn: LiveTurn; readonly result: RunResult }[] = [];
  #cancelRetry: (() => void) | undefined;

  constructor(parts: TurnJournalParts) {
    this.#parts = parts;
  }

  /**
   * The message and its turn. From here on the message survives anything.
   * @throws SQLite's error when it can't be written; nothing is stored then
   */
  accept(id: TurnId, { chat, text, userId, username, idempotencyKey }: Message): void {
    const { database, history, turns, sessions, clock } = this.#parts;
    database.transaction(() => {
      sessions.register(chat);
      const row = { ...storedUnder(chat), role: 'user' as const, source: 'telegram' };
      const userMessageId = history.add({ ...row, content: text, userId, username });
      turns.insert({
        ...chat,
        id,
        lane: 'main',
        origin: 'chat',
        userMessageId,
        queuedAtMs: clock.now(),
        idempotencyKey,
      });
    })();
  }

  start(id: TurnId): void {
    const { turns, clock } = this.#parts;
    turns.start(id, clock.now());
  }

  /** The end of a turn. Where it can't be written now, such as on a full disk, that is tried again. */
  end(turn: LiveTurn, result: RunResult): void {
    try {
      this.#write(turn, result);
    } catch (error) {
      this.#parts.logger.error(
        { err: error, turn: turn.id },
        'the end of a turn could not be stored yet',
      );
      this.#owed.push({ turn, result });
      this.#cancelRetry ??= this.#parts.clock.after(tryAgainMs, () => this.settleDebts());
    }
  }

  /** Write what could not be written before. */
  settleDebts(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const owed = this.#owed;
    this.#owed = [];
    for (const { turn, result } of owed) this.end(turn, result);
  }

  /** Try once more to write what is owed, and give up what can't be written: a restart will tell. */
  close(): void {
    this.settleDebts();
    this.#cancelRetry?.();
  }

  #write({ id, chat }: LiveTurn, result: RunResult): void {
    const { database, history, turns, sessions, clock } = this.#parts;
    const { state, error, usage, totalCostUsd } = result;
    const ran = usage !== undefined || state === 'completed';
    database.transaction(() => {
      const answerMessageId = history.add({
        ...storedUnder(chat),
        role: 'assistant',
        content: replyText(result),
        source: error === undefined ? 'telegram' : 'error',
        userId: null,
        username: null,
      });
      turns.end({
        id,
        state,
        errorCode: error?.code ?? null,
        answerMessageId,
        finishedAtMs: clock.now(),
        inputTokens: usage?.inputTokens ?? null,
        outputTokens: usage?.outputTokens ?? null,
        cacheReadTokens: usage?.cacheReadTokens ?? null,
        cacheCreationTokens: usage?.cacheCreationTokens ?? null,
        costUsd: sessions.finishTurn(chat, { ran, totalCostUsd }) ?? null,
      });
    })();
  }
}

const storedUnder = (chat: ChatKey) => ({
  sessionId: chatSessionId(chat),
  botId: chat.botId,
  telegramChatId: telegramChatId(chat.chatId),
});
