import type { LiveChange, LiveEvent } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import { ChangeReader } from './change-reader.ts';
import { changeName, joined } from './joined-changes.ts';

/** What is told again and again is told at most once in this time, in milliseconds. */
const pauseMs = 300;
/** Things that changed a moment ago, and are watched for more. */
const mostHeld = 2_000;

/** What was told a moment ago. */
interface Held {
  /** What has changed since. */
  next: LiveChange | undefined;
  readonly cancel: () => void;
}

/**
 * Where the parts of the gateway say what has changed, and pages hear of it. Nothing is kept: who hears nothing, or
 * comes later, reads everything. A change is told at once, and then, while it goes on, a few times a second.
 */
export class LiveChanges {
  readonly #clock: Clock;
  readonly #run: string;
  readonly #readers = new Set<ChangeReader>();
  readonly #held = new Map<string, Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#run = clock.now().toString(36);
  }

  /** How many follow. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Say that something has changed, also within the transaction that changes it. Never throws. */
  changed(change: LiveChange): void {
    if (this.#readers.size === 0) return;
    const name = changeName(change);
    const held = this.#held.get(name);
    if (held !== undefined) {
      held.next = joined(held.next, change);
    } else if (this.#held.size >= mostHeld) {
      for (const reader of this.#readers) reader.lose();
    } else {
      this.#tell(name, change);
    }
  }

  /**
   * Hear of changes from here on.
   * @param botId of this bot only; undefined: of all, and of what is no bot's
   */
  async *follow(botId: string | undefined, gone: AbortSignal): AsyncGenerator<LiveEvent> {
    const reader = new ChangeReader(botId);
    this.#readers.add(reader);
    try {
      yield { topic: 'ready', run: this.#run };
      yield* reader.read(gone);
    } finally {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.close();
    }
  }

  /** Nothing is waited for any more. */
  close(): void {
    for (const { cancel } of this.#held.values()) cancel();
    this.#held.clear();
  }

  #tell(name: string, change: LiveChange): void {
    for (const reader of this.#readers) reader.add(change);
    const cancel = this.#clock.after(pauseMs, () => this.#goOn(name));
    this.#held.set(name, { next: undefined, cancel });
  }

  #goOn(name: string): void {
    const next = this.#held.get(name)?.next;
    this.#held.delete(name);
    if (next !== undefined) this.#tell(name, next);
  }
}
