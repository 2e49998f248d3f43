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

/** Something that has happened and must be written. */
interface Debt {
  readonly id: TurnId;
  readonly what: string;
  /** The answer, where that is what is owed. */
  readonly reply?: string;
  readonly write: () => void;
}

/**
 * Writes what becomes of a turn, each step in one transaction: all of it is there, or nothing. What has
 * happened already is owed where it can't be written now, such as on a full disk, and is tried again.
 */
export class TurnJournal {
  readonly #parts: TurnJournalParts;
  #owed: Debt[] = [];
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(parts: TurnJournalParts) {
    this.#parts = parts;
  }

  /**
   * The message and its turn. From here on the message survives anything.
   * @throws SQLite's error when it can't be written; nothing is stored then
   */
  accept(id: TurnId, message: Message): void {
    const { chat, text, userId, username, idempotencyKey } = message;
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
      message.onStored?.(id);
    })();
  }

  start(id: TurnId): void {
    const { turns, clock } = this.#parts;
    turns.start(id, clock.now());
  }

  end(turn: LiveTurn, result: RunResult): void {
    const reply = replyText(result);
    const write = (): void => this.#writeEnd(turn, result, reply);
    this.#settle({ id: turn.id, what: 'the end of a turn', reply, write });
  }

  /** Whether nobody heard the end of that turn. */
  noteReader(id: TurnId, lost: boolean): void {
    const write = (): void => this.#parts.turns.setReaderLost(id, lost);
    this.#settle({ id, what: 'whether a reader was lost', write });
  }

  /** The answer of a turn that has ended, while it could not be written. */
  owedReply(id: TurnId): string | undefined {
    return this.#owed.find((debt) => debt.id === id && debt.reply !== undefined)?.reply;
  }

  /** Write what could not be written before. */
  settleDebts(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const owed = this.#owed;
    this.#owed = [];
    for (const debt of owed) this.#settle(debt, 'again');
  }

  /** Try once more to write what is owed, and give up what can't be written: a restart will tell. */
  close(): void {
    this.settleDebts();
    this.#cancelRetry?.();
    this.#closed = true;
  }

  #settle(debt: Debt, again?: 'again'): void {
    // The last connections may close after the database.
    if (this.#closed) return;
    const { logger, clock } = this.#parts;
    const { id, what, write } = debt;
    try {
      write();
    } catch (error) {
      if (again === undefined) logger.error({ err: error, turn: id }, `${what} is not stored yet`);
      this.#owed.push(debt);
      this.#cancelRetry ??= clock.after(tryAgainMs, () => this.settleDebts());
    }
  }

  #writeEnd({ id, chat, readers }: LiveTurn, result: RunResult, reply: string): void {
    const { database, history, turns, sessions, clock } = this.#parts;
    const { state, error, usage, totalCostUsd, claudeSessionId } = result;
    const ran = usage !== undefined || state === 'completed';
    database.transaction(() => {
      const answerMessageId = history.add({
        ...storedUnder(chat),
        role: 'assistant',
        content: reply,
        source: error === undefined ? 'telegram' : 'error',
        userId: null,
        username: null,
      });
      turns.end({
        id,
        state,
        readerLost: readers > 0 ? 1 : 0,
        errorCode: error?.code ?? null,
        answerMessageId,
        finishedAtMs: clock.now(),
        inputTokens: usage?.inputTokens ?? null,
        outputTokens: usage?.outputTokens ?? null,
        cacheReadTokens: usage?.cacheReadTokens ?? null,
        cacheCreationTokens: usage?.cacheCreationTokens ?? null,
        costUsd: sessions.finishTurn(chat, { ran, totalCostUsd, claudeSessionId }) ?? null,
      });
    })();
  }
}

const storedUnder = (chat: ChatKey) => ({
  sessionId: chatSessionId(chat),
  botId: chat.botId,
  telegramChatId: telegramChatId(chat.chatId),
});
