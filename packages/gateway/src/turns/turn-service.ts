import {
  type BotId,
  type ChatKey,
  GatewayError,
  type TurnId,
  type TurnState,
} from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { chatKeyText } from '../sessions/chat-key.ts';
import type { SpanFacts, Tracer } from '../trace/tracer.ts';
import { checkLength, stoppingError } from './check-message.ts';
import type { EndedTurn } from './ended-turn.ts';
import {
  expired,
  interruptedByRestart,
  notStored,
  queueFull,
  stoppedBeforeItRan,
} from './fixed-results.ts';
import { followFeed, followStored } from './follow-turn.ts';
import { type LaneKey, laneKeyText, laneKind } from './lane.ts';
import type { LaneProfile, LaneProfiles } from './lane-profile.ts';
import type { Job, LaneScheduler } from './lane-scheduler.ts';
import { LiveTurn, type Message } from './live-turn.ts';
import { LiveTurns } from './live-turns.ts';
import { RecentFeeds } from './recent-feeds.ts';
import { RepeatedMessages } from './repeated-messages.ts';
import { lastEvent, type TurnResult } from './reply.ts';
import { type EventWithId, parseCursor } from './turn-cursor.ts';
import type { TurnJournal } from './turn-journal.ts';
import { type TurnReader, TurnReaders } from './turn-readers.ts';
import type { RunResult, TurnRunner } from './turn-runner.ts';
import type { TurnRow, TurnsRepo } from './turns-repo.ts';
import { goesOnLater, placeEvent, runsLater } from './waiting-events.ts';

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
  readonly profiles: LaneProfiles;
  readonly scheduler: LaneScheduler;
  readonly runner: TurnRunner;
  readonly clock: Clock;
  readonly newTurnId: () => TurnId;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** Bytes. */
  readonly messageMax: number;
  /** A turn has ended, and that is stored. Must not throw. */
  readonly onEnded?: (turn: EndedTurn) => void;
}

/** The one path that everything takes which asks Claude something. */
export class TurnService {
  readonly #parts: TurnServiceParts;
  readonly #live = new LiveTurns();
  readonly #recent: RecentFeeds;
  readonly #readers: TurnReaders;
  readonly #repeated: RepeatedMessages;
  /** Tells the event ids of this run of the gateway from those of others. */
  readonly #run: string;
  #stopping = false;

  constructor(parts: TurnServiceParts) {
    this.#parts = parts;
    const { turns, clock, journal } = parts;
    this.#recent = new RecentFeeds(clock);
    this.#readers = new TurnReaders((id, lost) => journal.noteReader(id, lost));
    const readers = this.#readers;
    this.#repeated = new RepeatedMessages({ turns, live: this.#live, readers, clock });
    this.#run = clock.now().toString(36);
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Accept a message. When this returns a turn, it is stored and will be answered.
   * @param alongside writes, in the same transaction, what must be there together with the turn
   * @throws GatewayError `message_too_large`, `shutting_down`; what `alongside` throws: nothing is stored then
   */
  submit(message: Message, alongside?: (id: TurnId) => void): Submitted {
    this.assertAcceptable(message.text);
    const { chat, idempotencyKey } = message;
    const { scheduler, turns, journal } = this.#parts;
    const { queueMax } = this.#profileOf(message);
    // First what was said before: the history tells it in that order, and a repeat finds it.
    journal.settleDebts();
    const same = idempotencyKey === undefined ? undefined : turns.findByKey(chat, idempotencyKey);
    if (same !== undefined) return this.#join(same);
    if (scheduler.waitingIn(laneKeyText(message)) >= queueMax) {
      return { kind: 'refused', result: queueFull(queueMax) };
    }
    return { kind: 'turn', turn: this.#accept(message, alongside) };
  }

  /** As {@link submit}; but a message that repeats one whose reader was cut off joins that one's turn. */
  async submitOrJoin(message: Message, alongside?: (id: TurnId) => void): Promise<Submitted> {
    this.assertAcceptable(message.text);
    if (message.idempotencyKey !== undefined) return this.submit(message, alongside);
    await this.#repeated.cutNoticed(message);
    this.#parts.journal.settleDebts();
    const lost = this.#repeated.find(message);
    return lost === undefined ? this.submit(message, alongside) : this.#join(lost);
  }

  /** Somebody waits for the end of that turn: it is kept for them, also over a crash, until they have it. */
  listen(id: TurnId): TurnReader {
    return this.#readers.listen(id);
  }

  /** The chat's turn that runs, in its main lane unless another is named. */
  running(chat: ChatKey, lane: LaneKey['lane'] = 'main'): LiveTurn | undefined {
    return this.#live.running({ chat, lane });
  }

  /** Messages of a chat that wait, in its main lane. */
  waiting(chat: ChatKey): number {
    return this.#parts.scheduler.waitingIn(laneKeyText(mainLane(chat)));
  }

  /** How long the first waiting message of a chat may still wait, in milliseconds. */
  remainingWaitMs(chat: ChatKey): number | undefined {
    return this.#parts.scheduler.remainingWaitMs(laneKeyText(mainLane(chat)));
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

  /** @param botId look among this bot's turns only @throws GatewayError `not_found` */
  find(id: TurnId, botId?: BotId): TurnRow {
    const row = this.#parts.turns.find(id);
    if (row !== undefined && (botId === undefined || row.bot_id === botId)) return row;
    throw new GatewayError('not_found', 'There is no turn with this id.');
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

  /**
   * End all turns of a chat, in all its lanes, whether they run or wait, and keep others from starting
   * until `after` is done.
   */
  endChat<T>(chat: ChatKey, after: () => Promise<T>): Promise<T> {
    return this.#parts.scheduler.hold(chatKeyText(chat), async () => {
      await this.#end(this.#live.ofChat(chat));
      return after();
    });
  }

  /** The same for the turn of a lane that runs; what waits there stays. */
  endRunning<T>(place: LaneKey, after: () => Promise<T>): Promise<T> {
    return this.#parts.scheduler.hold(chatKeyText(place.chat), async () => {
      const turn = this.#live.running(place);
      await this.#end(turn === undefined ? [] : [turn]);
      return after();
    });
  }

  /** After a start: what waited runs, and what was running goes on or is told to have been interrupted. */
  recover(): void {
    const { turns } = this.#parts;
    turns.loseReadersOfUnfinished();
    for (const row of turns.unfinished()) this.#recoverTurn(row);
  }

  /** Take nothing more, let what runs end within `graceMs`, end the rest. What waits stays stored. */
  async shutDown(graceMs: number): Promise<void> {
    this.#stopping = true;
    for (const turn of this.#live.all()) if (!turn.running) turn.feed.append(runsLater);
    const cancel = this.#parts.clock.after(graceMs, () => this.#abortRunning());
    await this.#parts.scheduler.stop();
    cancel();
    this.#recent.clear();
  }

  /** Nothing is written any more. To be called when the readers are gone. */
  close(): void {
    this.#parts.journal.close();
  }

  /** What a message would be refused for at once. @throws GatewayError `message_too_large`, `shutting_down` */
  assertAcceptable(text: string): void {
    if (this.#stopping) throw stoppingError();
    checkLength(text, this.#parts.messageMax);
  }

  #profileOf({ lane }: Pick<LaneKey, 'lane'>): LaneProfile {
    return this.#parts.profiles.of(laneKind(lane));
  }

  #recoverTurn(row: TurnRow): void {
    const chat = { botId: row.bot_id, chatId: row.chat_id };
    const { lane, origin } = row;
    const next = row.state === 'running' ? this.#profileOf(row).afterRestart(row) : undefined;
    const text = next?.kind === 'resumed' ? next.prompt : row.prompt;
    const traceContext = row.trace_context ?? undefined;
    const message = { chat, lane, origin, text, userId: row.user_id, traceContext };
    const turn = this.#track(row.id, message);
    if (next?.kind === 'interrupted') {
      this.#finish(turn, interruptedByRestart);
      return;
    }
    if (next !== undefined) this.#parts.turns.requeue(row.id);
    this.#schedule(turn);
  }

  #join({ id, answer }: TurnRow): Submitted {
    const turn = this.#live.get(id);
    if (turn !== undefined) return { kind: 'turn', turn };
    return { kind: 'answered', id, reply: answer ?? this.#parts.journal.owedReply(id) ?? '' };
  }

  #accept(said: Message, alongside?: (id: TurnId) => void): LiveTurn {
    const id = this.#parts.newTurnId();
    const message = { ...said, traceContext: this.#parts.tracer.current() };
    this.#parts.journal.accept(id, message, alongside);
    const turn = this.#track(id, message);
    this.#schedule(turn);
    return turn;
  }

  #track(id: TurnId, message: Omit<Message, 'username'>): LiveTurn {
    const turn = new LiveTurn(id, message);
    turn.feed.append({ type: 'turn', content: id });
    this.#live.add(turn);
    return turn;
  }

  #schedule(turn: LiveTurn): void {
    const { attended, waitMs } = this.#profileOf(turn);
    const span = this.#parts.tracer.start('turn', {
      parent: turn.traceContext,
      facts: { 'mcb.turn.id': turn.id, 'mcb.turn.origin': turn.origin },
    });
    const job: Job = {
      lane: laneKeyText(turn),
      chat: chatKeyText(turn.chat),
      attended,
      waitMs,
      run: () => this.#parts.tracer.within(span, () => this.#runTurn(turn)),
      onExpire: () => this.#finish(turn, expired(waitMs / 1000)),
      onPlace: (ahead) => turn.feed.append(placeEvent(ahead)),
    };
    turn.span = span;
    turn.job = job;
    turn.waitsSinceMs ??= this.#parts.clock.now();
    this.#parts.scheduler.enqueue(job);
  }

  async #runTurn(turn: LiveTurn): Promise<void> {
    const { journal, runner, clock, logger } = this.#parts;
    turn.startedAtMs = clock.now();
    turn.span?.event('begun');
    try {
      journal.start(turn.id);
    } catch (error) {
      logger.error({ err: error, turn: turn.id }, 'a turn could not be stored as running');
      this.#finish(turn, notStored);
      return;
    }
    const result = await runner.run(turn);
    if (result.state === 'interrupted' && this.#goesOn(turn)) this.#leave(turn, result);
    else this.#finish(turn, result);
  }

  /** Whether a turn that the end of the gateway broke off is gone on with after the next start. */
  #goesOn(turn: LiveTurn): boolean {
    if (!this.#stopping) return false;
    try {
      return this.#profileOf(turn).afterRestart(this.find(turn.id)).kind === 'resumed';
    } catch (error) {
      this.#parts.logger.error({ err: error, turn: turn.id }, 'a turn could not be read');
      return false;
    }
  }

  /** It stays as it is in the journal. */
  #leave(turn: LiveTurn, result: RunResult): void {
    this.#live.delete(turn.id);
    turn.span?.end('interrupted');
    turn.feed.append(goesOnLater);
    turn.feed.close();
    turn.settle(result);
  }

  /** The first end of a turn counts. The answer is stored before anybody hears of it. */
  #finish(turn: LiveTurn, result: RunResult): void {
    if (!this.#live.delete(turn.id)) return;
    const write = () => this.#parts.journal.end(turn, result, this.#readers.has(turn.id));
    // What comes of it, such as a delivery, is a part of the same trace.
    if (turn.span === undefined) write();
    else this.#parts.tracer.within(turn.span, write);
    turn.span?.set(factsOf(result));
    turn.span?.end(result.error?.code);
    turn.feed.end(lastEvent(result));
    this.#recent.add(turn.id, turn.feed);
    this.#parts.onEnded?.(this.#endOf(turn, result));
    turn.settle(result);
  }

  #endOf({ origin, waitsSinceMs, startedAtMs }: LiveTurn, result: RunResult): EndedTurn {
    const now = this.#parts.clock.now();
    const since = (from: number | undefined, to: number | undefined): number | undefined =>
      from === undefined || to === undefined ? undefined : Math.max(0, to - from);
    return {
      origin,
      state: result.state,
      errorCode: result.error?.code,
      waitedMs: since(waitsSinceMs, startedAtMs ?? now) ?? 0,
      ranMs: since(startedAtMs, now),
      firstTextMs: since(startedAtMs, result.firstTextAtMs),
      usage: result.usage,
    };
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
    for (const turn of this.#live.all()) if (turn.running) turn.abort('interrupted');
  }
}

const mainLane = (chat: ChatKey): LaneKey => ({ chat, lane: 'main' });

const factsOf = ({ state, usage }: RunResult): SpanFacts => ({
  'mcb.turn.state': state,
  'gen_ai.usage.input_tokens': usage?.inputTokens,
  'gen_ai.usage.output_tokens': usage?.outputTokens,
  'mcb.usage.cache_read_tokens': usage?.cacheReadTokens,
  'mcb.usage.cache_creation_tokens': usage?.cacheCreationTokens,
});
