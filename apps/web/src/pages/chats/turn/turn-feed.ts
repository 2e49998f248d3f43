import type { TurnEvent } from '@mini-claude-bot/contract';
import { waitBefore } from '../../../live/follow-changes.ts';
import { waitForChance } from '../../../live/wait-for-chance.ts';
import { afterEvent, nothingYet, type TurnView } from './turn-view.ts';

/** Opens a turn's stream of events from its beginning. */
export type OpenTurn = (signal: AbortSignal) => AsyncIterable<TurnEvent>;

/** After the last one who looks has gone, in milliseconds: scrolling away for a moment cuts nothing. */
const patienceMs = 2_000;

/** One turn, followed for as long as somebody looks; a store that React can subscribe to. */
export class TurnFeed {
  readonly #open: OpenTurn;
  readonly #watchers = new Set<() => void>();
  /** As far as the events go; what is shown comes after it, once a frame. */
  #view = nothingYet;
  #shown = nothingYet;
  #frame: number | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #leave: AbortController | undefined;

  constructor(open: OpenTurn) {
    this.#open = open;
  }

  readonly snapshot = (): TurnView => this.#shown;

  readonly watch = (tell: () => void): (() => void) => {
    this.#watchers.add(tell);
    clearTimeout(this.#leaving);
    if (this.#leave === undefined && this.#view.outcome === undefined) void this.#follow();
    return () => {
      this.#watchers.delete(tell);
      if (this.#watchers.size > 0) return;
      this.#leaving = setTimeout(() => this.#hangUp(), patienceMs);
    };
  };

  /** One more event, from whichever stream. */
  take(event: TurnEvent): void {
    this.#view = afterEvent(this.#view, event);
    // Events come faster than anybody reads: they are shown once a frame, also in a page that is in the background.
    if (this.#frame !== undefined) return;
    this.#frame = window.setTimeout(() => this.#show(), 32);
  }

  /** Somebody else hands over the events for now. @returns to be called when they stop coming */
  feed(): () => void {
    const leave = new AbortController();
    this.#leave = leave;
    return () => {
      if (this.#leave !== leave) return;
      this.#leave = undefined;
      if (this.#watchers.size > 0 && this.#view.outcome === undefined) void this.#follow();
    };
  }

  #show(): void {
    this.#frame = undefined;
    this.#shown = this.#view;
    for (const tell of this.#watchers) tell();
  }

  async #follow(): Promise<void> {
    const leave = new AbortController();
    this.#leave = leave;
    const { signal } = leave;
    for (let failures = 0; !signal.aborted && this.#view.outcome === undefined; failures += 1) {
      // Each stream begins at the beginning.
      this.#view = nothingYet;
      try {
        for await (const event of this.#open(signal)) {
          failures = 0;
          this.take(event);
        }
        // A reply too long for one event ends without a last one.
        return;
      } catch {
        if (!signal.aborted) await waitForChance(waitBefore(failures, Math.random()), signal);
      }
    }
  }

  #hangUp(): void {
    this.#leave?.abort();
    this.#leave = undefined;
  }
}
