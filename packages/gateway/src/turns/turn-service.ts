import { type ChatKey, GatewayError, type TurnId, utf8Length } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import { chatSessionId, telegramChatId } from '../history/chat-session-id.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { chatKeyText } from '../sessions/chat-key.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import type { LaneScheduler } from './lane-scheduler.ts';
import { lastEvent, replyText, type TurnResult } from './reply.ts';
import { type AbortKind, TurnAbort } from './turn-abort.ts';
import { TurnFeed } from './turn-feed.ts';
import type { RunResult, TurnRunner } from './turn-runner.ts';
import type { TurnsRepo } from './turns-repo.ts';

/** What somebody says to a chat. */
export interface Message {
  readonly chat: ChatKey;
  readonly text: string;
  readonly userId: string | null;
  readonly username: string | null;
}

/** A turn that has not ended. */
export interface LiveTurn {
  readonly id: TurnId;
  readonly chat: ChatKey;
  readonly prompt: string;
  readonly feed: TurnFeed;
  /** How it ended. Never rejects. */
  readonly result: Promise<TurnResult>;
  /** When it began to run, in Unix milliseconds; undefined while it waits. */
  startedAtMs: number | undefined;
}

interface Tracked extends LiveTurn {
  readonly userId: string | null;
  /** Resolves when a reader of it went away. */
  readonly lost: Promise<void>;
  readonly loseReader: () => void;
  readonly controller: AbortController;
  readonly settle: (result: TurnResult) => void;
}

/** What a message got: a turn of its own, or the answer of one that it repeats. */
export type Submitted =
  | { readonly kind: 'turn'; readonly turn: LiveTurn }
  | { readonly kind: 'answered'; readonly id: TurnId; readonly reply: string }
  /** It was not accepted: nothing is stored, and nothing will run. */
  | { readonly kind: 'refused'; readonly result: TurnResult };

/** What turns are made from. */
export interface TurnServiceParts {
  readonly database: Database;
  readonly turns: TurnsRepo;
  readonly history: ChatHistoryRepo;
  readonly sessions: ChatSessions;
  readonly scheduler: LaneScheduler;
  readonly runner: TurnRunner;
  readonly clock: Clock;
  readonly newTurnId: () => TurnId;
  readonly logger: Logger;
  /** Messages of one chat that may wait. */
  readonly queueMax: number;
  /** Bytes. */
  readonly messageMax: number;
  /** Seconds, for the words of a message that waited too long. */
  readonly waitTimeout: number;
}

/**
 * How long a repeated message waits for the connection that it replaces to be found dead: the news of a
 * cut and the message that is sent again travel on two connections, and may arrive in either order.
 */
const cutNoticeMs = 300;

/** How long after its end the answer of a turn whose reader was lost waits for the message to be repeated. */
const repeatWithinMs = 10 * 60_000;

/** The one path that everything takes which asks Claude something. */
export class TurnService {
  readonly #parts: TurnServiceParts;
  readonly #live = new Map<TurnId, Tracked>();
  #stopping = false;

  constructor(parts: TurnServiceParts) {
    this.#parts = parts;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Accept a message. When this returns a turn, it is stored and will be answered.
   * @throws GatewayError `message_too_large`, `shutting_down`
   */
  submit(message: Message): Submitted {
    this.#check(message);
    const { scheduler, queueMax } = this.#parts;
    if (scheduler.waitingIn(mainLane(message.chat)) >= queueMax) return queueFull(queueMax);
    return { kind: 'turn', turn: this.#enqueue(message) };
  }

  /** As {@link submit}; but a message that repeats one whose reader was cut off joins that one's turn. */
  async submitOrJoin(message: Message): Promise<Submitted> {
    this.#check(message);
    const { turns, clock } = this.#parts;
    const same = this.#ofChat(message.chat).find(
      ({ prompt, userId }) => prompt === message.text && userId === message.userId,
    );
    if (same !== undefined) await this.#cutNotice(same);
    const since = clock.now() - repeatWithinMs;
    const lost = turns.findLostReader(message.chat, message.text, message.userId, since);
    if (lost === undefined) return this.submit(message);
    turns.setReaderLost(lost.id, false);
    const turn = this.#live.get(lost.id);
    if (turn !== undefined) return { kind: 'turn', turn };
    return { kind: 'answered', id: lost.id, reply: lost.answer ?? '' };
  }

  /** Nobody heard the end of that turn. */
  readerLost(id: TurnId): void {
    this.#parts.turns.setReaderLost(id, true);
    this.#live.get(id)?.loseReader();
  }

  /** The chat's turn that runs. */
  running(chat: ChatKey): LiveTurn | undefined {
    return this.#ofChat(chat).find((turn) => turn.startedAtMs !== undefined);
  }

  waiting(chat: ChatKey): number {
    return this.#parts.scheduler.waitingIn(mainLane(chat));
  }

  /** How long the first waiting message of a chat may still wait, in milliseconds. */
  remainingWaitMs(chat: ChatKey): number | undefined {
    return this.#parts.scheduler.remainingWaitMs(mainLane(chat));
  }

  /** End a chat: what runs, what waits, and its conversation. @returns whether there was one */
  stop(chat: ChatKey): Promise<boolean> {
    const { scheduler, sessions } = this.#parts;
    return scheduler.hold(chatKeyText(chat), async () => {
      const known = sessions.find(chat) !== undefined;
      scheduler.drain(mainLane(chat));
      await this.#end(this.#ofChat(chat), 'stopped');
      await sessions.remove(chat);
      return known;
    });
  }

  /** End what runs in a chat, and its process. What waits, and the conversation, stay. */
  reset(chat: ChatKey): Promise<void> {
    return this.#parts.scheduler.hold(chatKeyText(chat), async () => {
      const turn = this.#ofChat(chat).find(({ startedAtMs }) => startedAtMs !== undefined);
      await this.#end(turn === undefined ? [] : [turn], 'stopped');
      await this.#parts.sessions.close(chat);
    });
  }

  /** After a start: what waited runs, and what was running is told to have been interrupted. */
  recover(): void {
    const { turns } = this.#parts;
    turns.loseReadersOfUnfinished();
    for (const row of turns.unfinished()) {
      const chat = { botId: row.bot_id, chatId: row.chat_id };
      const turn = this.#track(row.id, { chat, text: row.prompt, userId: row.user_id });
      if (row.state === 'queued') this.#schedule(turn);
      else this.#finish(turn, interruptedByRestart);
    }
  }

  /** Take nothing more, let what runs end within `graceMs`, end the rest. What waits stays stored. */
  async shutDown(graceMs: number): Promise<void> {
    this.#stopping = true;
    const cancel = this.#parts.clock.after(graceMs, () => this.#abortRunning());
    await this.#parts.scheduler.stop();
    cancel();
  }

  async #cutNotice({ lost, result }: Tracked): Promise<void> {
    let cancel = (): void => {};
    const enough = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(cutNoticeMs, resolve);
    });
    await Promise.race([lost, result, enough]);
    cancel();
  }

  #check({ text }: Message): void {
    if (this.#stopping) {
      throw new GatewayError(
        'shutting_down',
        'The gateway is stopping. Please send the message again.',
      );
    }
    const { messageMax } = this.#parts;
    const bytes = utf8Length(text);
    if (bytes <= messageMax) return;
    const kilobytes = (n: number): string => `${Math.ceil(n / 1024)} KB`;
    throw new GatewayError(
      'message_too_large',
      `The message is ${kilobytes(bytes)} long; at most ${kilobytes(messageMax)} can be sent ` +
        '(GATEWAY_MAX_MESSAGE_KB). Put long material into a file.',
    );
  }

  #enqueue(message: Message): LiveTurn {
    const { scheduler, newTurnId } = this.#parts;
    const id = newTurnId();
    const ahead = scheduler.aheadIn(mainLane(message.chat));
    this.#store(id, message);
    const turn = this.#track(id, message);
    turn.feed.append({ type: 'turn', content: id });
    this.#schedule(turn);
    if (turn.startedAtMs === undefined) turn.feed.append(queuedEvent(ahead));
    return turn;
  }

  /** From here on the message survives anything. */
  #store(id: TurnId, { chat, text, userId, username }: Message): void {
    const { database, history, turns, sessions, clock } = this.#parts;
    database.transaction(() => {
      sessions.register(chat);
      const userMessageId = history.add({
        ...storedUnder(chat),
        role: 'user',
        content: text,
        source: 'telegram',
        userId,
        username,
      });
      turns.insert({
        ...chat,
        id,
        lane: 'main',
        origin: 'chat',
        userMessageId,
        queuedAtMs: clock.now(),
      });
    })();
  }

  #track(id: TurnId, { chat, text, userId }: Omit<Message, 'username'>): Tracked {
    let settle: (result: TurnResult) => void = () => {};
    const result = new Promise<TurnResult>((resolve) => {
      settle = resolve;
    });
    let loseReader = (): void => {};
    const lost = new Promise<void>((resolve) => {
      loseReader = resolve;
    });
    const turn: Tracked = {
      id,
      chat,
      prompt: text,
      userId,
      lost,
      loseReader,
      result,
      settle,
      feed: new TurnFeed(),
      controller: new AbortController(),
      startedAtMs: undefined,
    };
    this.#live.set(id, turn);
    return turn;
  }

  #schedule(turn: Tracked): void {
    this.#parts.scheduler.enqueue({
      lane: mainLane(turn.chat),
      chat: chatKeyText(turn.chat),
      run: () => this.#run(turn),
      onExpire: () => this.#finish(turn, expired(this.#parts.waitTimeout)),
    });
  }

  async #run(turn: Tracked): Promise<void> {
    const { turns, runner, clock, logger } = this.#parts;
    turn.startedAtMs = clock.now();
    try {
      turns.start(turn.id, turn.startedAtMs);
      this.#finish(
        turn,
        await runner.run(turn.chat, turn.prompt, turn.feed, turn.controller.signal),
      );
    } catch (error) {
      logger.error({ err: error, turn: turn.id }, 'a turn could not be run');
      this.#finish(turn, databaseFault);
    }
  }

  /** The first end of a turn counts. The stored answer comes before anybody hears of it. */
  #finish(turn: Tracked, result: RunResult): void {
    if (!this.#live.delete(turn.id)) return;
    try {
      this.#storeEnd(turn, result);
    } catch (error) {
      this.#parts.logger.error(
        { err: error, turn: turn.id },
        'the end of a turn could not be stored',
      );
    }
    turn.feed.end(lastEvent(result));
    turn.settle(result);
  }

  #storeEnd({ id, chat }: Tracked, result: RunResult): void {
    const { database, history, turns, sessions, clock } = this.#parts;
    const { state, error, usage } = result;
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
        costUsd: sessions.finishTurn(chat, result.totalCostUsd) ?? null,
      });
    })();
  }

  async #end(turns: readonly Tracked[], kind: AbortKind): Promise<void> {
    for (const turn of turns) {
      if (turn.startedAtMs === undefined) this.#finish(turn, { state: 'stopped', text: '' });
      else turn.controller.abort(new TurnAbort(kind));
    }
    await Promise.all(turns.map((turn) => turn.result));
  }

  #abortRunning(): void {
    for (const turn of this.#live.values()) {
      if (turn.startedAtMs !== undefined) turn.controller.abort(new TurnAbort('interrupted'));
    }
  }

  #ofChat({ botId, chatId }: ChatKey): Tracked[] {
    return [...this.#live.values()].filter(
      ({ chat }) => chat.botId === botId && chat.chatId === chatId,
    );
  }
}

const mainLane = (chat: ChatKey): string => `main:${chatKeyText(chat)}`;

const storedUnder = (chat: ChatKey) => ({
  sessionId: chatSessionId(chat),
  botId: chat.botId,
  telegramChatId: telegramChatId(chat.chatId),
});

const queuedEvent = (ahead: number) => ({
  type: 'queued' as const,
  position: ahead,
  content:
    ahead === 0
      ? 'Waiting for a free slot.'
      : `Waiting: ${ahead} ${ahead === 1 ? 'message' : 'messages'} of this chat come first.`,
});

const queueFull = (queueMax: number): Submitted => ({
  kind: 'refused',
  result: {
    state: 'refused',
    text: '',
    error: {
      code: 'queue_full',
      message: `${queueMax} messages of this chat are waiting already. Yours was not taken; please send it later.`,
    },
  },
});

const expired = (waitTimeout: number): TurnResult => ({
  state: 'expired',
  text: '',
  error: {
    code: 'queue_timeout',
    message: `Still busy: your message waited ${waitTimeout} s and was not run. Please send it again later.`,
  },
});

const interruptedByRestart: TurnResult = {
  state: 'interrupted',
  text: '',
  error: {
    code: 'interrupted',
    message: 'The gateway was restarted while Claude was answering. Please send the message again.',
  },
};

const databaseFault: TurnResult = {
  state: 'refused',
  text: '',
  error: {
    code: 'database_unavailable',
    message: 'The database of the gateway could not be written, so this message was not run.',
  },
};
