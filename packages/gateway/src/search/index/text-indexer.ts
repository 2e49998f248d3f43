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
/** How soon a row is seen that was written without a word to us: those of turns are. */
const lookMs = 500;
/** How long a search waits for what was stored before it; and where that was not enough for an earlier one. */
const patientMs = 250;
const briefMs = 20;
const tryAgainMs = 5_000;
const sweptAtOnce = 20;

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
  #dueSoon = false;
  /** More waits than could be indexed for a search. */
  #behind = false;
  #closed = false;
  /** When it last did what there was to do; undefined: it was not started. */
  #wellMs: number | undefined;

  constructor(parts: TextIndexerParts) {
    this.#parts = parts;
  }

  /** Look for what waits, from now on. */
  start(): void {
    this.#wellMs = this.#parts.clock.now();
    this.#runIn(restMs);
  }

  /** There is something to do: it is not left until the next look. */
  wake(): void {
    if (!this.#dueSoon) this.#runIn(restMs);
  }

  /**
   * Index what waits, the newest first: what was stored before a search is found by it. Where there is much, as after an
   * old file was taken over, searches do not wait for all of it.
   */
  async catchUp(): Promise<void> {
    const end = performance.now() + (this.#behind ? briefMs : patientMs);
    try {
      while (!this.#closed) {
        this.#behind = this.#slice();
        if (!this.#behind || performance.now() > end) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch {
      // A disk that is full keeps nobody from searching; whoever indexes by the clock says it in the log.
    }
  }

  /** How long it did not get to its work, in milliseconds; undefined: it has none to do. */
  idleMs(): number | undefined {
    if (this.#closed || this.#wellMs === undefined) return undefined;
    return this.#parts.clock.now() - this.#wellMs;
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #runIn(ms: number): void {
    if (this.#closed) return;
    this.#cancel?.();
    this.#dueSoon = ms <= restMs;
    this.#cancel = this.#parts.clock.after(ms, () => this.#run());
  }

  #run(): void {
    try {
      const more = this.#slice();
      this.#wellMs = this.#parts.clock.now();
      if (!more) this.#parts.onIdle();
      this.#runIn(more ? restMs : lookMs);
    } catch (error) {
      const level = isUnwritable(error) ? 'warn' : 'error';
      this.#parts.logger[level]({ err: error }, 'messages could not be indexed; trying again');
      this.#runIn(tryAgainMs);
    }
  }

  /** @returns whether there may be more */
  #slice(): boolean {
    const { repo } = this.#parts;
    const end = performance.now() + sliceMs;
    do {
      const queued = repo.next();
      if (queued === undefined) return repo.sweep(sweptAtOnce);
      this.#step(queued);
    } while (performance.now() < end);
    return true;
  }

  #step(queued: Queued): void {
    const { repo, onFirstPassage } = this.#parts;
    const row = repo.row(queued);
    if (row === undefined) {
      repo.write(queued, undefined, undefined);
      return;
    }
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
