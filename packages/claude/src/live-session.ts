import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Query, SDKMessage, SDKUserMessage } from '@anthropic-ai/claude-agent-sdk/core';
import type { ClaudeChild } from './child.ts';
import { classifyFailure } from './classify-failure.ts';
import type { ClaudeEvent, TurnOutcome } from './events.ts';
import type { Failure } from './failure.ts';
import type { InputQueue } from './input-queue.ts';
import { TurnReader, usageOf } from './turn-reader.ts';

/** How long an interrupted turn has to end by itself before its processes are ended. */
const interruptGraceMs = 700;
/** How long a process has to exit once its input has ended. */
const exitGraceMs = 1_500;

type ResultMessage = Extract<SDKMessage, { type: 'result' }>;

interface RunningTurn {
  readonly reader: TurnReader;
  readonly uuid: ReturnType<typeof randomUUID>;
  readonly onFrame: () => void;
  readonly settle: (outcome: TurnOutcome) => void;
  readonly outcome: Promise<TurnOutcome>;
  interrupted: boolean;
  ended: boolean;
}

/** What a caller gets to see of a running turn. Both are called at once, in order, and must not throw. */
export interface TurnObserver {
  readonly onEvent: (event: ClaudeEvent) => void;
  /** Something came from the process: it is alive and getting on. */
  readonly onFrame?: () => void;
}

/**
 * A Claude process that serves one conversation, kept between turns. One turn at a time: the next
 * message is sent only after the result of the last, or Claude would fold the two into one.
 */
export class LiveSession {
  readonly #query: Query;
  readonly #input: InputQueue<SDKUserMessage>;
  readonly #child: ClaudeChild;
  readonly #now: () => number;
  #turn: RunningTurn | undefined;
  #usable = true;
  #closing: Promise<void> | undefined;
  readonly #pumped: Promise<void>;

  constructor(parts: {
    query: Query;
    input: InputQueue<SDKUserMessage>;
    child: ClaudeChild;
    now: () => number;
  }) {
    this.#query = parts.query;
    this.#input = parts.input;
    this.#child = parts.child;
    this.#now = parts.now;
    this.#pumped = this.#pump();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** It can take another turn. */
  get usable(): boolean {
    return this.#usable && this.#closing === undefined;
  }

  get busy(): boolean {
    return this.#turn !== undefined;
  }

  /**
   * Send one message and follow the answer to its end. Never rejects: a failure is an outcome.
   * Aborting the signal interrupts the turn; if Claude does not end it within a second, its processes
   * are ended, and the session with them.
   */
  async run(prompt: string, observer: TurnObserver, signal?: AbortSignal): Promise<TurnOutcome> {
    if (this.#turn !== undefined) throw new Error('a turn is running on this session');
    const turn = newTurn(observer);
    this.#turn = turn;
    const onAbort = () => void this.#interrupt();
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) this.#settle({ kind: 'interrupted', text: '' });
    else if (!this.#usable) this.#settle(this.#deathOutcome());
    else this.#send(prompt, turn.uuid);
    try {
      return await turn.outcome;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#turn = undefined;
    }
  }

  /** End the process and everything it started; a running turn ends as interrupted. Can be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #send(prompt: string, uuid: RunningTurn['uuid']): void {
    this.#input.push({
      type: 'user',
      uuid,
      parent_tool_use_id: null,
      message: { role: 'user', content: prompt },
    });
  }

  async #close(): Promise<void> {
    if (this.#turn !== undefined) await this.#interrupt();
    this.#usable = false;
    this.#input.end();
    await Promise.race([this.#child.exited, sleep(exitGraceMs, undefined, { ref: false })]);
    await this.#child.end();
    this.#query.close();
    await this.#pumped;
  }

  async #interrupt(): Promise<void> {
    const turn = this.#turn;
    if (turn === undefined || turn.interrupted) return;
    turn.interrupted = true;
    // A frozen process never answers this; a dead one rejects.
    this.#query.interrupt().catch(() => {});
    await Promise.race([turn.outcome, sleep(interruptGraceMs, undefined, { ref: false })]);
    if (turn.ended) return;
    this.#usable = false;
    await this.#child.end().catch(() => {});
    this.#settle({ kind: 'interrupted', text: turn.reader.text });
  }

  #settle(outcome: TurnOutcome): void {
    if (this.#turn === undefined) return;
    this.#turn.ended = true;
    this.#turn.settle(outcome);
  }

  async #pump(): Promise<void> {
    try {
      for await (const message of this.#query) this.#read(message);
    } catch {
      // The SDK throws where the process ended badly; how it ended is known from the process itself.
    }
    this.#usable = false;
    this.#settle(this.#deathOutcome());
  }

  #read(message: SDKMessage): void {
    const turn = this.#turn;
    if (turn === undefined || turn.ended) return;
    turn.onFrame();
    turn.reader.read(message);
    if (message.type === 'result' && isResultOf(message, turn.uuid)) {
      this.#settle(this.#outcomeOf(message, turn));
    }
  }

  #outcomeOf(result: ResultMessage, turn: RunningTurn): TurnOutcome {
    const { text } = turn.reader;
    const rest = { text, usage: usageOf(result), totalCostUsd: result.total_cost_usd };
    if (turn.interrupted) return { kind: 'interrupted', ...rest };
    if (!result.is_error) return { kind: 'completed', ...rest };
    return {
      kind: 'failed',
      failure: classifyFailure(turn.reader.evidence(result), this.#now()),
      ...rest,
    };
  }

  #deathOutcome(): TurnOutcome {
    const text = this.#turn?.reader.text ?? '';
    if (this.#turn?.interrupted) return { kind: 'interrupted', text };
    return { kind: 'failed', text, failure: deathFailure(this.#child.stderr) };
  }
}

function newTurn(observer: TurnObserver): RunningTurn {
  let settle: (outcome: TurnOutcome) => void = () => {};
  const outcome = new Promise<TurnOutcome>((resolve) => {
    settle = resolve;
  });
  return {
    reader: new TurnReader(observer.onEvent),
    uuid: randomUUID(),
    onFrame: observer.onFrame ?? (() => {}),
    settle,
    outcome,
    interrupted: false,
    ended: false,
  };
}

/** Claude may start turns of its own, such as for a finished background task: theirs is not our result. */
function isResultOf(result: ResultMessage, uuid: string): boolean {
  if (result.subtype !== 'success') return true;
  return result.user_message_uuids === undefined || result.user_message_uuids.includes(uuid);
}

function deathFailure(stderr: string): Failure {
  const words = stderr.replace(/\s+/g, ' ').trim().slice(-300);
  return {
    reason: 'claude_crashed',
    message: `Claude Code ended unexpectedly${words === '' ? '' : ` (${words})`}. Please send the message again.`,
  };
}
