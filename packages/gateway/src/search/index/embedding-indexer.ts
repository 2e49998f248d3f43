import { isUnwritable } from '../../db/database.ts';
import type { Clock } from '../../host/clock.ts';
import type { Logger } from '../../host/logger.ts';
import { wait } from '../../host/wait.ts';
import { EmbeddingError } from '../embeddings/embedding-provider.ts';
import type { Embeddings } from '../embeddings/embeddings.ts';
import type { EmbeddingModel, ModelName, Unembedded, VectorsRepo } from './vectors-repo.ts';

const batchSize = 32;
/** A batch of long texts takes a small machine its time. */
const batchTimeoutMs = 120_000;
/** Vectors written between two looks at what else there is to do. */
const writtenAtOnce = 4;
const sweptAtOnce = 50;
const restMs = 5;
/** Between two batches while somebody waits for an answer: what was said long ago can wait. */
const standBackMs = 150;
const afterFaultMs = 1_000;

/** What the indexer works with. */
export interface EmbeddingIndexerParts {
  readonly vectors: VectorsRepo;
  /** undefined: nothing is embedded. */
  readonly embeddings: Embeddings | undefined;
  /** Somebody waits for an answer of Claude's. */
  readonly isBusy: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Gives passages their vectors, in batches, from what the database says is missing. A server that is down
 * is tried again, less and less often; what came meanwhile is caught up with.
 */
export class EmbeddingIndexer {
  readonly #parts: EmbeddingIndexerParts;
  readonly #ended = new AbortController();
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  /** Something came while it ran: it may have looked before. */
  #wokenWhileRunning = false;
  /** The fault that was logged last: a server that stays down is one line in the log. */
  #told: string | undefined;

  constructor(parts: EmbeddingIndexerParts) {
    this.#parts = parts;
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#running !== undefined) this.#wokenWhileRunning = true;
    else this.#wakeIn(Math.max(restMs, this.#parts.embeddings?.pauseMs ?? 0));
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#cancel?.();
    await this.#running;
  }

  #wakeIn(ms: number): void {
    if (this.#ended.signal.aborted || this.#running !== undefined) return;
    this.#cancel ??= this.#parts.clock.after(ms, () => {
      this.#cancel = undefined;
      this.#running = this.#run();
    });
  }

  async #run(): Promise<void> {
    const again = await this.#work();
    this.#running = undefined;
    if (again !== undefined) this.#wakeIn(again);
    else if (this.#wokenWhileRunning) this.wake();
    this.#wokenWhileRunning = false;
  }

  /** @returns in how many milliseconds to try again; undefined: nothing is left to do */
  async #work(): Promise<number | undefined> {
    const { vectors, embeddings, logger } = this.#parts;
    const { signal } = this.#ended;
    try {
      await this.#sweep();
      if (embeddings === undefined || vectors.unsupported !== undefined) return undefined;
      while (!signal.aborted && (await this.#batch(embeddings))) await this.#standBack(signal);
      this.#told = undefined;
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      const words = error instanceof Error ? error.message : String(error);
      if (words !== this.#told) {
        if (error instanceof EmbeddingError) {
          // Nothing is wrong with a machine that has no such server.
          logger.warn({ why: words, fix: error.fix }, 'no embeddings: searches go by words alone');
        } else {
          const level = isUnwritable(error) ? 'warn' : 'error';
          logger[level]({ err: error }, 'messages could not be embedded; trying again');
        }
        this.#told = words;
      }
      return Math.max(afterFaultMs, embeddings?.pauseMs ?? 0);
    }
  }

  async #standBack(signal: AbortSignal): Promise<void> {
    const { isBusy, clock } = this.#parts;
    if (isBusy()) await wait(standBackMs, clock, signal);
    else await rest();
  }

  async #sweep(): Promise<void> {
    while (!this.#ended.signal.aborted && this.#parts.vectors.sweep(sweptAtOnce)) await rest();
  }

  /** @returns whether there may be more */
  async #batch(embeddings: Embeddings): Promise<boolean> {
    const { vectors } = this.#parts;
    const { provider, model: name } = embeddings.provider;
    const present = this.#present({ provider, name });
    const passages = vectors.unembedded(present, batchSize);
    if (passages.length === 0) {
      if (present !== undefined) vectors.serve(present);
      await this.#sweep();
      return false;
    }
    const embedded = await this.#embed(embeddings, passages);
    const dimensions = embedded.find(({ vector }) => vector !== undefined)?.vector?.length;
    const model =
      dimensions === undefined ? present : vectors.ensure({ provider, name, dimensions });
    if (model !== undefined) await this.#write(model, embedded);
    return model !== undefined;
  }

  /** The model's record; where another is served, that of the name in the configuration. */
  #present(name: ModelName): EmbeddingModel | undefined {
    const { vectors } = this.#parts;
    const known = vectors.present(name);
    if (known !== undefined) return known;
    const serving = vectors.serving();
    if (serving?.provider !== name.provider || serving.name !== name.name) return undefined;
    // It is wanted again before its successor was complete.
    return vectors.ensure(serving);
  }

  /** Texts that the server does not take have no vector: the others are not kept from theirs. */
  async #embed(embeddings: Embeddings, passages: readonly Unembedded[]): Promise<Embedded[]> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(batchTimeoutMs)]);
    try {
      const texts = passages.map(({ text }) => text);
      const found = await embeddings.embed(texts, 'document', signal);
      return passages.map(({ id }, index) => ({ id, vector: found[index] }));
    } catch (error) {
      if (!(error instanceof EmbeddingError) || error.fault !== 'input') throw error;
      const [only, ...others] = passages;
      if (only === undefined) return [];
      if (others.length === 0) return [{ id: only.id, vector: undefined }];
      const half = Math.ceil(passages.length / 2);
      return [
        ...(await this.#embed(embeddings, passages.slice(0, half))),
        ...(await this.#embed(embeddings, passages.slice(half))),
      ];
    }
  }

  async #write(model: EmbeddingModel, embedded: readonly Embedded[]): Promise<void> {
    for (const [index, { id, vector }] of embedded.entries()) {
      // The gateway is closing: the rest is still missing after the next start.
      if (this.#ended.signal.aborted) return;
      this.#parts.vectors.write(model, id, vector);
      if (index % writtenAtOnce === writtenAtOnce - 1) await rest();
    }
  }
}

/** Whatever else waits for the thread comes first. */
const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Embedded {
  readonly id: number;
  readonly vector: Float32Array | undefined;
}
