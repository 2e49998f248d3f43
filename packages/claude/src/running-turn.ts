import { randomUUID } from 'node:crypto';
import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk/core';
import type { ClaudeEvent, TurnOutcome } from './events.ts';
import { TurnReader } from './turn-reader.ts';

/** What a caller gets to see of a running turn. Both are called at once and in order. */
export interface TurnObserver {
  readonly onEvent: (event: ClaudeEvent) => void;
  /** Something came from the process: it is alive and getting on. */
  readonly onFrame?: () => void;
}

/** A turn between its prompt and its outcome. */
export class RunningTurn {
  /** Names its prompt to Claude. */
  readonly uuid = randomUUID();
  readonly reader: TurnReader;
  readonly outcome: Promise<TurnOutcome>;
  /** Set once the turn is to end early. */
  interruption: Promise<void> | undefined;
  /** What the observer threw, the first time. */
  fault: { readonly error: unknown } | undefined;
  #ended = false;
  #settle: (outcome: TurnOutcome) => void = () => {};
  readonly #onFrame: () => void;
  readonly #onFault: () => void;

  /** @param onFault called when the observer throws: nobody follows the turn any more */
  constructor(observer: TurnObserver, onFault: () => void) {
    this.#onFault = onFault;
    this.#onFrame = () => this.#observe(() => observer.onFrame?.());
    this.reader = new TurnReader((event) => this.#observe(() => observer.onEvent(event)));
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  read(message: SDKMessage): void {
    this.#onFrame();
    this.reader.read(message);
  }

  /** The first outcome counts. */
  settle(outcome: TurnOutcome): void {
    this.#ended = true;
    this.#settle(outcome);
  }

  #observe(tell: () => void): void {
    if (this.fault !== undefined) return;
    try {
      tell();
    } catch (error) {
      this.fault = { error };
      this.#onFault();
    }
  }
}
