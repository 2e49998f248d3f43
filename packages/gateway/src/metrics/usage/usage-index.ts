import { setImmediate as otherWork } from 'node:timers/promises';
import type { UsageBatch } from '@mini-claude-bot/claude/usage';
import type { Logger } from '../../host/logger.ts';
import type { MetricsThread } from '../thread/metrics-thread.ts';
import type { UsageRepo } from './usage-repo.ts';

/** Records that are written in one go: a millisecond or two. */
const inOneGo = 100;

/** What the index works with. */
export interface UsageIndexParts {
  readonly repo: UsageRepo;
  /** Path of the database. */
  readonly database: string;
  readonly thread: MetricsThread;
  /** Claude's directory of transcripts. */
  readonly directory: string;
  readonly logger: Logger;
}

/** Keeps what transcripts tell of usage in the database. */
export class UsageIndex {
  readonly #parts: UsageIndexParts;
  #unreadable = 0;
  #closed = false;

  constructor(parts: UsageIndexParts) {
    this.#parts = parts;
  }

  /** Transcripts that could not be read the last time. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /**
   * Read what is new. What was read before a fault stays read, and the next time goes on from there.
   * @returns bytes that were read
   */
  async refresh(): Promise<number> {
    const { database, repo, thread, directory, logger } = this.#parts;
    const reading = await thread.read(directory, database, (batch) => this.#write(batch));
    if (reading.gone.length > 0 && !this.#closed) repo.forget(reading.gone);
    this.#unreadable = reading.faults.length;
    for (const fault of reading.faults) logger.warn(fault, 'a transcript could not be read');
    return reading.bytes;
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
  }

  async #write({ records, progress }: UsageBatch): Promise<void> {
    for (let from = 0; ; from += inOneGo) {
      if (this.#closed) throw new Error('the usage index is closed');
      const isLast = from + inOneGo >= records.length;
      const some = records.slice(from, from + inOneGo);
      this.#parts.repo.write(some, isLast ? progress : undefined);
      await otherWork();
      if (isLast) return;
    }
  }
}
