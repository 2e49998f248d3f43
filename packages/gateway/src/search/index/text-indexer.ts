import { isUnwritable } from '../../db/database.ts';
import type { Clock } from '../../host/clock.ts';
import type { Logger } from '../../host/logger.ts';
import { passageAt } from '../text/split-passages.ts';
import { Tokenizer } from '../text/tokens.ts';
import type { NewPassage, PassagesRepo, Queued } from './passages-repo.ts';

/** The thread that serves turns is given back after that long. */
const sliceMs = 4;
/** With much to do, turns get the larger part of the time. */
const restMs = 8;
const tryAgainMs = 5_000;

/** What the indexer works with. */
export interface TextIndexerParts {
  readonly repo: PassagesRepo;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called in the transaction that writes a row's first passage. */
  readonly onFirstPassage: (queued: Queued, passageId: number) => void;
  /** Called when nothing waits any more. */
  readonly onIdle: () => void;
}

/**
 * Fills the full-text index from the queue in the database: whatever was stored, by whomever and however
 * the gateway ended, is in it. Works in slices of a few milliseconds, one passage a transaction.
 */
export class TextIndexer {
  readonly #parts: TextIndexerParts;
  readonly #tokenizer = new Tokenizer();
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(parts: TextIndexerParts) {
    this.#parts = parts;
  }

  /** There may be something to do. */
  wake(): void {
    if (!this.#closed) this.#cancel ??= this.#parts.clock.after(restMs, () => this.#run());
  }

  /** Index what waits, at most for that long: what was stored before a search is found by it. */
  async catchUp(longestMs: number): Promise<void> {
    const end = performance.now() + longestMs;
    while (!this.#closed && performance.now() < end && this.#slice()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #run(): void {
    this.#cancel = undefined;
    if (this.#closed) return;
    try {
      if (this.#slice()) this.wake();
      else this.#parts.onIdle();
    } catch (error) {
      const level = isUnwritable(error) ? 'warn' : 'error';
      this.#parts.logger[level]({ err: error }, 'messages could not be indexed; trying again');
      this.#cancel = this.#parts.clock.after(tryAgainMs, () => this.#run());
    }
  }

  /** @returns whether there may be more */
  #slice(): boolean {
    const end = performance.now() + sliceMs;
    do {
      const queued = this.#parts.repo.next();
      if (queued === undefined) return false;
      this.#step(queued);
    } while (performance.now() < end);
    return true;
  }

  #step(queued: Queued): void {
    const { repo, onFirstPassage } = this.#parts;
    const row = repo.row(queued);
    if (row === undefined) return repo.write(queued, undefined, undefined);
    const { start, end, next } = passageAt(row.text, queued.next_start);
    const words = [...this.#tokenizer.index(row.text.slice(start, end))].map(({ term }) => term);
    const passage: NewPassage = {
      kind: queued.kind,
      rowId: queued.row_id,
      botId: row.botId,
      start,
      end,
      words: words.join(' '),
    };
    repo.write(queued, passage, next, (id) => {
      if (start === 0) onFirstPassage(queued, id);
    });
  }
}
