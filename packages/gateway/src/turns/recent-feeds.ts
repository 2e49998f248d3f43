import type { TurnId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { TurnFeed } from './turn-feed.ts';

const keepMs = 3_600_000;
/** Of all feeds together, in characters. */
const keepCharacters = 20_000_000;

/** Feeds of turns that have ended, for readers that come back: for an hour, as far as there is room. */
export class RecentFeeds {
  readonly #clock: Clock;
  readonly #feeds = new Map<TurnId, { readonly feed: TurnFeed; readonly forget: () => void }>();
  #characters = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: TurnId, feed: TurnFeed): void {
    const forget = this.#clock.after(keepMs, () => this.#remove(id));
    this.#feeds.set(id, { feed, forget });
    this.#characters += feed.size;
    for (const oldest of this.#feeds.keys()) {
      if (this.#characters <= keepCharacters) break;
      this.#remove(oldest);
    }
  }

  get(id: TurnId): TurnFeed | undefined {
    return this.#feeds.get(id)?.feed;
  }

  clear(): void {
    for (const id of this.#feeds.keys()) this.#remove(id);
  }

  #remove(id: TurnId): void {
    const kept = this.#feeds.get(id);
    if (kept === undefined) return;
    kept.forget();
    this.#characters -= kept.feed.size;
    this.#feeds.delete(id);
  }
}
