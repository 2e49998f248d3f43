import type { ChatKey, TurnId } from '@mini-claude-bot/contract';
import type { Span, TraceContext } from '../trace/tracer.ts';
import type { Lane, Origin } from './lane.ts';
import type { Job } from './lane-scheduler.ts';
import type { TurnResult } from './reply.ts';
import { type AbortKind, TurnAbort } from './turn-abort.ts';
import { TurnFeed } from './turn-feed.ts';

/** What somebody says to a chat, or a part of the gateway to Claude. */
export interface Message {
  readonly chat: ChatKey;
  readonly lane: Lane;
  readonly origin: Origin;
  readonly text: string;
  readonly userId: string | null;
  readonly username: string | null;
  /** The same key again is the same turn. */
  readonly idempotencyKey?: string | undefined;
  /** What it is a part of, where traces are kept. */
  readonly traceContext?: TraceContext | undefined;
  /** Where it was written; unset: where messages of its lane are. */
  readonly source?: string | undefined;
}

/** A turn that has not ended. */
export class LiveTurn {
  readonly id: TurnId;
  readonly chat: ChatKey;
  readonly lane: Lane;
  readonly origin: Origin;
  readonly prompt: string;
  readonly userId: string | null;
  readonly feed = new TurnFeed();
  /** How it ended. Never rejects. */
  readonly result: Promise<TurnResult>;
  /** When it was put in line, in Unix milliseconds. */
  waitsSinceMs: number | undefined;
  /** When it began to run, in Unix milliseconds; undefined while it waits. */
  startedAtMs: number | undefined;
  /** From when it was put in line to its end. */
  span: Span | undefined;
  readonly traceContext: TraceContext | undefined;
  /** Its place in the scheduler. */
  job: Job | undefined;
  readonly #controller = new AbortController();
  #settle: (result: TurnResult) => void = () => {};

  constructor(id: TurnId, message: Omit<Message, 'username'>) {
    const { chat, lane, origin, text, userId, traceContext } = message;
    this.id = id;
    this.traceContext = traceContext;
    this.chat = chat;
    this.lane = lane;
    this.origin = origin;
    this.prompt = text;
    this.userId = userId;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get running(): boolean {
    return this.startedAtMs !== undefined;
  }

  /** Aborted when it is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(kind: AbortKind): void {
    this.#controller.abort(new TurnAbort(kind));
  }

  settle(result: TurnResult): void {
    this.#settle(result);
  }
}
