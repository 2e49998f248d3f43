import type { Query, SDKMessage, SDKUserMessage } from '@anthropic-ai/claude-agent-sdk/core';
import type { ClaudeChild } from './child.ts';
import { classifyFailure } from './classify-failure.ts';
import { deathFailure } from './death.ts';
import type { TurnOutcome } from './events.ts';
import type { InputQueue } from './input-queue.ts';
import type { PromptContext } from './prompt-context.ts';
import { RunningTurn, type TurnObserver } from './running-turn.ts';
import { type TurnReader, usageOf } from './turn-reader.ts';
import { within } from './within.ts';

/**
 * Claude is asked to stop, and asked again: a request that overtakes the message which it is to stop
 * is lost. Between two requests it has so long to end the turn; after the last its processes are ended.
 */
const interruptPauseMs = 150;
const interruptTries = 6;
/** Far more than anybody reads; a reply without an end would take all the memory there is. */
const longestReply = 10_000_000;
/** How long a process has to exit once its input has ended. */
const exitGraceMs = 1_500;

type ResultMessage = Extract<SDKMessage, { type: 'result' }>;

/** What is said to Claude in one turn. */
export interface Message {
  /** What the user said: it reaches Claude as it is. */
  readonly prompt: string;
  /** What Claude is told beside it. */
  readonly context?: string | undefined;
}

/** Open: it takes turns. Ending: we are ending it. Died: it ended by itself. */
type State = 'open' | 'ending' | 'died';

/** What a session is made from. */
export interface LiveSessionParts {
  readonly query: Query;
  readonly input: InputQueue<SDKUserMessage>;
  readonly child: ClaudeChild;
  readonly context: PromptContext;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Characters. */
  readonly longestReply?: number;
}

/**
 * A Claude process that serves one conversation, kept between turns. One turn at a time: the next
 * message is sent only after the result of the last, or Claude would fold the two into one.
 */
export class LiveSession {
  readonly #parts: LiveSessionParts;
  #turn: RunningTurn | undefined;
  #state: State = 'open';
  /** It has said something sensible: it did start. */
  #served = false;
  #closing: Promise<void> | undefined;
  readonly #longestReply: number;
  /** Resolves when its process can say no more, whatever the reason. */
  readonly ended: Promise<void>;

  constructor(parts: LiveSessionParts) {
    this.#parts = parts;
    this.#longestReply = parts.longestReply ?? longestReply;
    this.ended = this.#pump();
  }

  get pid(): number | undefined {
    return this.#parts.child.pid;
  }

  /** Unique to its process. */
  get marker(): string {
    return this.#parts.child.marker;
  }

  /** It can take another turn. */
  get usable(): boolean {
    return this.#state === 'open' && !this.#parts.child.gone;
  }

  get busy(): boolean {
    return this.#turn !== undefined;
  }

  /**
   * Send one message and follow the answer to its end. Aborting the signal interrupts the turn; if
   * Claude does not end it within a second, its processes are ended, and the session with them. A reply
   * that was finished all the same is completed.
   * @throws only what the observer threw, once the turn has ended; every other failure is an outcome
   */
  async run(
    { prompt, context }: Message,
    observer: TurnObserver,
    signal?: AbortSignal,
  ): Promise<TurnOutcome> {
    if (this.#turn !== undefined) throw new Error('a turn is running on this session');
    if (signal?.aborted || this.#state === 'ending') return { kind: 'interrupted', text: '' };
    if (this.#state === 'died') return this.#death('');
    const turn = new RunningTurn(observer, () => void this.#interrupt());
    this.#turn = turn;
    const onAbort = () => void this.#interrupt();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#parts.context.set(context);
    this.#send(prompt, turn.uuid);
    try {
      const outcome = await turn.outcome;
      if (turn.fault !== undefined) throw turn.fault.error;
      return outcome;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#turn = undefined;
    }
  }

  /**
   * End the process and everything it started; a running turn ends as interrupted. Can be called twice.
   * @throws when a process could not be ended
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #send(prompt: string, uuid: RunningTurn['uuid']): void {
    this.#parts.input.push({
      type: 'user',
      uuid,
      parent_tool_use_id: null,
      message: { role: 'user', content: prompt },
    });
  }

  async #close(): Promise<void> {
    const { query, input, child } = this.#parts;
    if (this.#state === 'open') this.#state = 'ending';
    await this.#interrupt();
    input.end();
    await within(exitGraceMs, child.exited);
    try {
      await child.end();
    } finally {
      query.close();
    }
    await this.ended;
  }

  async #interrupt(): Promise<void> {
    const turn = this.#turn;
    if (turn === undefined || turn.ended) return;
    turn.interruption ??= this.#interruptTurn(turn);
    await turn.interruption;
  }

  async #interruptTurn(turn: RunningTurn): Promise<void> {
    const { query, child } = this.#parts;
    for (let asked = 0; asked < interruptTries && !turn.ended; asked += 1) {
      // A frozen process never answers this; a dead one rejects.
      query.interrupt().catch(() => {});
      await within(interruptPauseMs, turn.outcome);
    }
    if (turn.ended) return;
    this.#state = 'ending';
    await child.end().catch(() => {});
    turn.settle({ kind: 'interrupted', text: turn.reader.text });
  }

  async #pump(): Promise<void> {
    try {
      for await (const message of this.#parts.query) this.#read(message);
    } catch {
      // The SDK throws where the process ended badly; how it ended is known from the process itself.
    }
    if (this.#state === 'open') this.#state = 'died';
    this.#turn?.settle(this.#lastOutcome(this.#turn));
    // What the process left behind is ended with it.
    void this.close().catch(() => {});
  }

  #read(message: SDKMessage): void {
    this.#served = true;
    const turn = this.#turn;
    const { child } = this.#parts;
    // What still comes while it is being ended is more of the same.
    if (turn === undefined || turn.ended || child.flooded) return;
    turn.read(message);
    if (turn.reader.written > this.#longestReply) child.endForFlood('reply', this.#longestReply);
    if (message.type === 'result' && isResultOf(message, turn.uuid)) {
      turn.settle(this.#outcomeOf(message, turn));
    }
  }

  #outcomeOf(result: ResultMessage, turn: RunningTurn): TurnOutcome {
    const { text } = turn.reader;
    const rest = { text, usage: usageOf(result), totalCostUsd: result.total_cost_usd };
    if (!result.is_error) return { kind: 'completed', ...rest, ...structuredOf(result) };
    if (turn.interruption !== undefined) return { kind: 'interrupted', ...rest };
    return { kind: 'failed', failure: this.#failureOf(result, turn.reader), ...rest };
  }

  #failureOf(result: ResultMessage, reader: TurnReader) {
    return classifyFailure(reader.evidence(result), this.#parts.now());
  }

  #lastOutcome(turn: RunningTurn): TurnOutcome {
    const { text } = turn.reader;
    if (turn.interruption !== undefined || this.#state === 'ending') {
      return { kind: 'interrupted', text };
    }
    return this.#death(text);
  }

  #death(text: string): TurnOutcome {
    const failure = deathFailure(this.#parts.child.death, this.#served);
    return { kind: 'failed', text, failure };
  }
}

const structuredOf = (result: ResultMessage): { structured?: unknown } =>
  result.subtype === 'success' && result.structured_output !== undefined
    ? { structured: result.structured_output }
    : {};

/** Claude may start turns of its own, such as for a finished background task: theirs is not our result. */
function isResultOf(result: ResultMessage, uuid: string): boolean {
  if (result.subtype !== 'success') return true;
  return result.user_message_uuids === undefined || result.user_message_uuids.includes(uuid);
}
