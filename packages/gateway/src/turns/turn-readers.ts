import type { TurnId } from '@mini-claude-bot/contract';

/** One who waits for the end of a turn. What is called first counts. */
export interface TurnReader {
  /** It got the end. */
  readonly told: () => void;
  /** It went away before the end. */
  readonly lost: () => void;
}

/** Who waits for the ends of turns, over whatever connection. */
export class TurnReaders {
  readonly #note: (id: TurnId, lost: boolean) => void;
  readonly #waiting = new Map<TurnId, Set<Promise<void>>>();

  /** @param note stores whether nobody heard the end of that turn */
  constructor(note: (id: TurnId, lost: boolean) => void) {
    this.#note = note;
  }

  /** A reader begins to wait. The end of the turn is kept for a repeat until that reader was told. */
  listen(id: TurnId): TurnReader {
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const readers = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, readers.add(left));
    const end = (lost: boolean): void => {
      if (!readers.delete(left)) return;
      if (readers.size === 0) this.#waiting.delete(id);
      // While another one waits, the end is still owed.
      if (lost || readers.size === 0) this.#note(id, lost);
      leave();
    };
    return { told: () => end(false), lost: () => end(true) };
  }

  has(id: TurnId): boolean {
    return this.#waiting.has(id);
  }

  /** Resolves when a reader of one of these turns has gone, told or not; never where none has any. */
  oneLeaves(ids: readonly TurnId[]): Promise<void> {
    return Promise.race(ids.flatMap((id) => [...(this.#waiting.get(id) ?? [])]));
  }
}
