import type { TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import { telegramChatId } from '../history/chat-session-id.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { type LaneKey, laneKind } from './lane.ts';
import type { LaneProfiles } from './lane-profile.ts';
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
  readonly profiles: LaneProfiles;
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
  /** Called once it is written. */
  readonly written?: () => void;
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
   * @param alongside writes what must be there together with the turn
   * @throws SQLite's error when it can't be written; nothing is stored then
   */
  accept(id: TurnId, message: Message, alongside?: (id: TurnId) => void): void {
    const { chat, lane, origin, text, userId, username, idempotencyKey, traceContext } = message;
    const { database, history, turns, profiles, clock } = this.#parts;
    // It reads first: begun as a reader, it would fail where somebody else writes meanwhile, such as a backup.
    database
      .transaction(() => {
        profiles.of(laneKind(lane)).sessions.register(message);
        const place = this.#storedUnder(message);
        const source = message.source ?? place.source;
        const row = { ...place, source, role: 'user' as const };
        const userMessageId = history.add({ ...row, content: text, userId, username });
        const queuedAtMs = clock.now();
        const stored = { idempotencyKey, traceContext };
        turns.insert({ ...chat, id, lane, origin, userMessageId, queuedAtMs, ...stored });
        alongside?.(id);
      })
      .immediate();
  }

  start(id: TurnId): void {
    const { turns, clock } = this.#parts;
    turns.start(id, clock.now());
  }

  /** @param owed whether somebody waits for the end, and has not been told yet */
  end(turn: LiveTurn, result: RunResult, owed: boolean): void {
    const reply = replyText(result);
    const write = (): void => this.#writeEnd(turn, result, reply, owed);
    const { afterEnd } = this.#parts.profiles.of(laneKind(turn.lane));
    const written = (): void => afterEnd?.(turn, result);
    this.#settle({ id: turn.id, what: 'the end of a turn', reply, write, written });
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
    const { id, what, write, written } = debt;
    try {
      write();
      written?.();
    } catch (error) {
      if (again === undefined) logger.error({ err: error, turn: id }, `${what} is not stored yet`);
      this.#owed.push(debt);
      this.#cancelRetry ??= clock.after(tryAgainMs, () => this.settleDebts());
    }
  }

  #writeEnd(turn: LiveTurn, result: RunResult, reply: string, owed: boolean): void {
    const { database, history, turns, profiles, clock } = this.#parts;
    const { id } = turn;
    const { state, error, usage, totalCostUsd, claudeSessionId } = result;
    const profile = profiles.of(laneKind(turn.lane));
    const finished = { ran: wasAsked(result), totalCostUsd, claudeSessionId };
    database
      .transaction(() => {
        const stored = this.#storedUnder(turn);
        const answerMessageId = history.add({
          ...stored,
          role: 'assistant',
          content: reply,
          source: error === undefined ? stored.source : 'error',
          userId: null,
          username: null,
        });
        turns.end({
          id,
          state,
          readerLost: owed ? 1 : 0,
          errorCode: error?.code ?? null,
          answerMessageId,
          finishedAtMs: clock.now(),
          inputTokens: usage?.inputTokens ?? null,
          outputTokens: usage?.outputTokens ?? null,
          cacheReadTokens: usage?.cacheReadTokens ?? null,
          cacheCreationTokens: usage?.cacheCreationTokens ?? null,
          costUsd: profile.sessions.finishTurn(turn, finished) ?? null,
          claudeSessionId: claudeSessionId ?? null,
        });
        turns.addSteps(id, turn.feed.steps);
        if (finished.ran) for (const { onTold } of result.told ?? []) onTold?.();
        profile.onEnd?.(turn, result);
      })
      .immediate();
  }

  #storedUnder(place: LaneKey) {
    const { chat, lane } = place;
    return {
      ...this.#parts.profiles.of(laneKind(lane)).storedUnder(place),
      botId: chat.botId,
      telegramChatId: telegramChatId(chat.chatId),
    };
  }
}

const wasAsked = ({ usage, state }: RunResult): boolean =>
  usage !== undefined || state === 'completed';
