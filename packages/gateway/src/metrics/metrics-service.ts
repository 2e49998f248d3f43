import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Metrics } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { HarnessArchive } from '../harness/harness-archive.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { type HarnessSource, harnessFigures } from './harness-figures.ts';
import { collectStored, type StoredFigures } from './stored-figures.ts';
import type { SystemCollector } from './system/system-figures.ts';
import type { MetricsThread } from './thread/metrics-thread.ts';
import { loadPrices } from './usage/prices.ts';
import type { SummaryOptions } from './usage/summarize-usage.ts';
import type { UsageIndex } from './usage/usage-index.ts';

/** What metrics are collected from. */
export interface MetricsParts {
  readonly database: Database;
  readonly thread: MetricsThread;
  readonly usage: UsageIndex;
  readonly system: Pick<SystemCollector, 'collect'>;
  readonly harness: HarnessSource;
  readonly archive: Pick<HarnessArchive, 'entries'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The owner's, as IANA names it; undefined: the system's. */
  readonly timeZone: string | undefined;
  /** Path of the owner's price table; it need not be there. */
  readonly pricesFile: string;
  /** Where others can read what was collected last. */
  readonly cacheFile: string;
  /** There are new figures. Must not throw. */
  readonly onCollected?: () => void;
}

/** How long what was collected is taken for the present, in milliseconds. */
const freshMs = 30_000;
/** How often usage is read, though nobody asks: transcripts are removed with their chats, and by Claude Code itself. */
const readEveryMs = 15 * 60_000;

/** Collects the metrics: once at a time, whoever asks. */
export class MetricsService {
  readonly #parts: MetricsParts;
  #last: { readonly atMs: number; readonly metrics: Metrics } | undefined;
  #collecting: Promise<Metrics> | undefined;
  #closed = false;
  #cancelReading = (): void => {};

  constructor(parts: MetricsParts) {
    this.#parts = parts;
  }

  /** Read usage from time to time. */
  start(): void {
    const { clock } = this.#parts;
    this.#cancelReading = clock.after(readEveryMs, () => {
      void this.#readUsage()
        .catch(() => {})
        .finally(() => {
          if (!this.#closed) this.start();
        });
    });
  }

  /** Those of a moment ago, or new ones. */
  async current(): Promise<Metrics> {
    const last = this.#last;
    const isFresh = last !== undefined && this.#parts.clock.now() - last.atMs < freshMs;
    return isFresh ? last.metrics : this.refresh();
  }

  /** New ones. Whoever asks while they are collected gets the same. */
  refresh(): Promise<Metrics> {
    if (this.#closed) return Promise.reject(new Error('the metrics are closed'));
    this.#collecting ??= this.#collect().finally(() => {
      this.#collecting = undefined;
    });
    return this.#collecting;
  }

  /** Nothing touches the database any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelReading();
    this.#parts.usage.close();
    await this.#parts.thread.close();
    await this.#collecting?.catch(() => {});
  }

  async #collect(): Promise<Metrics> {
    const { system, harness, archive, clock, usage } = this.#parts;
    const atMs = clock.now();
    const [ofHarness] = await Promise.all([harnessFigures(harness, archive), this.#readUsage()]);
    const [stored, ofSystem] = await Promise.all([this.#stored(), system.collect()]);
    const { cron_jobs, memory, chat, transcripts } = stored;
    const metrics: Metrics = {
      timestamp: new Date(atMs).toISOString(),
      cron_jobs,
      memory,
      chat,
      claude_usage: {
        ...stored.usage,
        transcripts: { ...transcripts, unreadable: usage.unreadable },
      },
      system: ofSystem,
      harness: ofHarness,
    };
    this.#last = { atMs, metrics };
    this.#parts.onCollected?.();
    await this.#keep(metrics);
    return metrics;
  }

  /** Where that fails, what was read before is told. @throws where this is closed meanwhile */
  async #readUsage(): Promise<void> {
    try {
      await this.#parts.usage.refresh();
    } catch (error) {
      if (this.#closed) throw error;
      this.#parts.logger.warn({ err: error }, "Claude's usage could not be read anew");
    }
  }

  #stored(): StoredFigures | Promise<StoredFigures> {
    const { database, thread, timeZone, pricesFile } = this.#parts;
    const options: SummaryOptions = { ...loadPrices(pricesFile), timeZone };
    // Another thread can't see into it.
    if (database.memory) return collectStored(database, options);
    return thread.collect(database.name, options);
  }

  /** A copy for whoever reads files. It is whole at any time; where it can't be written, that is all. */
  async #keep(metrics: Metrics): Promise<void> {
    const { cacheFile, logger } = this.#parts;
    const partial = `${cacheFile}.new`;
    try {
      await mkdir(dirname(cacheFile), { recursive: true, mode: 0o700 });
      // Memories stand in it.
      await writeFile(partial, `${JSON.stringify(metrics)}\n`, { mode: 0o600 });
      await rename(partial, cacheFile);
    } catch (error) {
      logger.warn({ err: error, file: cacheFile }, 'the metrics could not be kept in a file');
      await rm(partial, { force: true }).catch(() => {});
    }
  }
}
