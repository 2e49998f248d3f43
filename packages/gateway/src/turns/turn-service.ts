import {
  type ChatKey,
  GatewayError,
  type TurnId,
  type TurnState,
  utf8Length,
} from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { chatKeyText } from '../sessions/chat-key.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import {
  expired,
  interruptedByRestart,
  notStored,
  queueFull,
  stoppedBeforeItRan,
} from './fixed-results.ts';
import { followFeed, followStored } from './follow-turn.ts';
import type { Job, LaneScheduler } from './lane-scheduler.ts';
import { LiveTurn, type Message } from './live-turn.ts';
import { RecentFeeds } from './recent-feeds.ts';
import { lastEvent, type TurnResult } from './reply.ts';
import { type EventWithId, parseCursor } from './turn-cursor.ts';
import type { TurnJournal } from './turn-journal.ts';
import type { RunResult, TurnRunner } from './turn-runner.ts';
import type { TurnRow, TurnsRepo } from './turns-repo.ts';

/** What a message got: a turn of its own, or the answer of one that it repeats. */
export type Submitted =
  | { readonly kind: 'turn'; readonly turn: LiveTurn }
  | { readonly kind: 'answered'; readonly id: TurnId; readonly reply: string }
  /** It was not accepted: nothing is stored, and nothing will run. */
  | { readonly kind: 'refused'; readonly result: TurnResult };

/** What turns are made from. */
export interface TurnServiceParts {
  readonly journal: TurnJournal;
  readonly turns: TurnsRepo;
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
  readonly #live = new Map<TurnId, LiveTurn>();
  readonly #recent: RecentFeeds;
  /** Tells the event ids of this run of the gateway from those of others. */
  readonly #run: string;
  #stopping = false;

  constructor(parts: TurnServiceParts) {
    this.#parts = parts;
    this.#recent = new RecentFeeds(parts.clock);
    this.#run = parts.clock.now().toString(36);
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
    const { chat, idempotencyKey } = message;
    const { scheduler, queueMax, turns, journal } = this.#parts;
    // First what was said before: the history tells it in that order, and a repeat finds it.
    journal.settleDebts();
    const same = idempotencyKey === undefined ? undefined : turns.findByKey(chat, idempotencyKey);
    if (same !== undefined) return this.#join(same);
    if (scheduler.waitingIn(mainLane(chat)) >= queueMax) {
      return { kind: 'refused', result: queueFull(queueMax) };
    }
    return { kind: 'turn', turn: this.#accept(message) };
  }

  /** As {@link submit}; but a message that repeats one whose reader was cut off joins that one's turn. */
  async submitOrJoin(message: Message): Promise<Submitted> {
    this.#check(message);
    if (message.idempotencyKey !== undefined) return this.submit(message);
    const same = this.#ofChat(message.chat).find(
      ({ prompt, userId }) => prompt === message.text && userId === message.userId,
    );
    if (same !== undefined) await this.#cutNotice(same);
    const { turns, clock, journal } = this.#parts;
    journal.settleDebts();
    const since = clock.now() - repeatWithinMs;
    const lost = turns.findLostReader(message.chat, message.text, message.userId, since);
    if (lost === undefined) return this.submit(message);
    journal.noteReader(lost.id, false);
    return this.#join(lost);
  }

  /** Nobody heard the end of that turn. */
  readerLost(id: TurnId): void {
    this.#parts.journal.noteReader(id, true);
    this.#live.get(id)?.loseReader();
  }

  /** A reader got the end of that turn. */
  readerTold(id: TurnId): void {
    this.#parts.journal.noteReader(id, false);
  }

  /** The chat's turn that runs. */
  running(chat: ChatKey): LiveTurn | undefined {
    return this.#ofChat(chat).find((turn) => turn.running);
  }

  waiting(chat: ChatKey): number {
    return this.#parts.scheduler.waitingIn(mainLane(chat));
  }

  /** How long the first waiting message of a chat may still wait, in milliseconds. */
  remainingWaitMs(chat: ChatKey): number | undefined {
    return this.#parts.scheduler.remainingWaitMs(mainLane(chat));
  }

  /**
   * A turn's events, from where a reader left off.
   * @param lastEventId of the last event that the reader has; none or a strange one: from the beginning
   * @throws GatewayError `not_found`
   */
  follow(
    id: TurnId,
    lastEventId: string | undefined,
  ): (gone: AbortSignal) => AsyncIterable<EventWithId> {
    const found = this.find(id);
    const row = { ...found, answer: found.answer ?? this.#parts.journal.owedReply(id) ?? null };
    const cursor = lastEventId === undefined ? undefined : parseCursor(lastEventId);
    const feed = this.#live.get(id)?.feed ?? this.#recent.get(id);
    if (feed !== undefined) return (gone) => followFeed(feed, this.#run, cursor, gone);
    return async function* () {
      yield* followStored(row, cursor);
    };
  }

  /** @throws GatewayError `not_found` */
  find(id: TurnId): TurnRow {
    const row = this.#parts.turns.find(id);
    if (row === undefined) throw new GatewayError('not_found', 'There is no turn with this id.');
    return row;
  }

  /** End one turn. @returns what became of it @throws GatewayError `not_found` */
  async cancel(id: TurnId): Promise<{ cancelled: boolean; state: TurnState }> {
    const row = this.find(id);
    const turn = this.#live.get(id);
    if (turn === undefined) return { cancelled: false, state: row.state };
    await this.#end([turn]);
    const { state } = await turn.result;
    return { cancelled: state === 'stopped', state };
  }

  /** End a chat: what runs, what waits, and its conversation. @returns whether there was one */
  stop(chat: ChatKey): Promise<boolean> {
    const { scheduler, sessions } = this.#parts;
    return scheduler.hold(chatKeyText(chat), async () => {
      const known = sessions.find(chat) !== undefined;
      await this.#end(this.#ofChat(chat));
      await sessions.remove(chat);
      return known;
    });
  }

  /** End what runs in a chat, and its process. What waits, and the conversation, stay. */
  reset(chat: ChatKey): Promise<void> {
    return this.#parts.scheduler.hold(chatKeyText(chat), async () => {
      const turn = this.running(chat);
      await this.#end(turn === undefined ? [] : [turn]);
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
    for (const turn of this.#live.values()) if (!turn.running) turn.feed.append(runsLater);
    const cancel = this.#parts.clock.after(graceMs, () => this.#abortRunning());
    await this.#parts.scheduler.stop();
    cancel();
    this.#recent.clear();
  }

  /** Nothing is written any more. To be called when the readers are gone. */
  close(): void {
    this.#parts.journal.close();
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

  async #cutNotice({ readerLost, result }: LiveTurn): Promise<void> {
    let cancel = (): void => {};
    const enough = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(cutNoticeMs, resolve);
    });
    await Promise.race([readerLost, result, enough]);
    cancel();
  }

  #join({ id, answer }: TurnRow): Submitted {
    const turn = this.#live.get(id);
    if (turn !== undefined) return { kind: 'turn', turn };
    return { kind: 'answered', id, reply: answer ?? this.#parts.journal.owedReply(id) ?? '' };
  }

  #accept(message: Message): LiveTurn {
    const id = this.#parts.newTurnId();
    this.#parts.journal.accept(id, message);
    const turn = this.#track(id, message);
    this.#schedule(turn);
    return turn;
  }

  #track(id: TurnId, message: Omit<Message, 'username'>): LiveTurn {
    const turn = new LiveTurn(id, message);
    turn.feed.append({ type: 'turn', content: id });
    this.#live.set(id, turn);
    return turn;
  }

  #schedule(turn: LiveTurn): void {
    const job: Job = {
      lane: mainLane(turn.chat),
      chat: chatKeyText(turn.chat),
      run: () => this.#runTurn(turn),
      onExpire: () => this.#finish(turn, expired(this.#parts.waitTimeout)),
      onPlace: (ahead) => turn.feed.append(placeEvent(ahead)),
    };
    turn.job = job;
    this.#parts.scheduler.enqueue(job);
  }

  async #runTurn(turn: LiveTurn): Promise<void> {
    const { journal, runner, clock, logger } = this.#parts;
    turn.startedAtMs = clock.now();
    try {
      journal.start(turn.id);
    } catch (error) {
      logger.error({ err: error, turn: turn.id }, 'a turn could not be stored as running');
      this.#finish(turn, notStored);
      return;
    }
    this.#finish(turn, await runner.run(turn));
  }

  /** The first end of a turn counts. The answer is stored before anybody hears of it. */
  #finish(turn: LiveTurn, result: RunResult): void {
    if (!this.#live.delete(turn.id)) return;
    this.#parts.journal.end(turn, result);
    turn.feed.end(lastEvent(result));
    this.#recent.add(turn.id, turn.feed);
    turn.settle(result);
  }

  /** End turns at a user's word, whether they run or wait. */
  async #end(turns: readonly LiveTurn[]): Promise<void> {
    for (const turn of turns) {
      const waited = turn.job !== undefined && this.#parts.scheduler.withdraw(turn.job);
      if (waited) this.#finish(turn, stoppedBeforeItRan);
      else turn.abort('stopped');
    }
    await Promise.all(turns.map((turn) => turn.result));
  }

  #abortRunning(): void {
    for (const turn of this.#live.values()) if (turn.running) turn.abort('interrupted');
  }

  #ofChat({ botId, chatId }: ChatKey): LiveTurn[] {
    return [...this.#live.values()].filter(
      ({ chat }) => chat.botId === botId && chat.chatId === chatId,
    );
  }
}

const mainLane = (chat: ChatKey): string => `main:${chatKeyText(chat)}`;

const runsLater = {
  type: 'notice' as const,
  content: 'The gateway is stopping. Your message is kept, and runs when it is back.',
};

const placeEvent = (ahead: number) => ({
  type: 'queued' as const,
  position: ahead,
  content:
    ahead === 0
      ? 'Waiting for a free slot.'
      : `Waiting: ${ahead} ${ahead === 1 ? 'message' : 'messages'} of this chat come first.`,
});
