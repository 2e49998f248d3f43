import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { store, stored } from '../../settings/stored.ts';

const Seen = z.record(z.string(), z.int());

/** How many messages of each conversation were seen in this browser. */
export class SeenMessages {
  #counts: Readonly<Record<string, number>>;
  /** Before the page was ever opened here nothing counts as unread. */
  #isFirstVisit: boolean;
  readonly #watchers = new Set<() => void>();

  constructor() {
    const kept = stored('seen', Seen);
    this.#isFirstVisit = kept === undefined;
    this.#counts = kept ?? {};
  }

  readonly counts = (): Readonly<Record<string, number>> => this.#counts;

  readonly watch = (tell: () => void): (() => void) => {
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  };

  /** @param count messages that the conversation has by now */
  note(name: string, count: number): void {
    if ((this.#counts[name] ?? -1) >= count) return;
    this.#write({ ...this.#counts, [name]: count });
  }

  /** What is there on the first visit was seen elsewhere. */
  begin(all: readonly { readonly name: string; readonly count: number }[]): void {
    if (!this.#isFirstVisit) return;
    this.#isFirstVisit = false;
    const there = Object.fromEntries(all.map(({ name, count }) => [name, count]));
    this.#write({ ...there, ...this.#counts });
  }

  #write(counts: Readonly<Record<string, number>>): void {
    this.#counts = counts;
    store('seen', counts);
    for (const tell of this.#watchers) tell();
  }
}

/** A conversation's name here: no two bots share one. */
export const seenName = (botId: string, sessionId: string): string =>
  JSON.stringify([botId, sessionId]);

export const useSeen = (seen: SeenMessages): Readonly<Record<string, number>> =>
  useSyncExternalStore(seen.watch, seen.counts);
