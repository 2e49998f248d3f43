import type { Clock } from '../../host/clock.ts';
import {
  EmbeddingError,
  type EmbeddingProvider,
  type EmbeddingTask,
} from './embedding-provider.ts';

/** How a server was when it was last asked. */
export type ServerState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'unreachable' | 'model_missing' | 'refused';
      readonly detail: string;
      readonly fix: string;
      /** Unix milliseconds. Until then it is left alone. */
      readonly nextTryMs: number;
    };

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** How long a server that failed is left alone. @param failures in a row, 1 or more */
export const pauseAfter = (failures: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));

/** An embedding server, and how it is: while it is down, nobody waits for it. */
export class Embeddings {
  readonly provider: EmbeddingProvider;
  readonly #clock: Clock;
  #state: ServerState = { kind: 'unknown' };
  #failures = 0;

  constructor(provider: EmbeddingProvider, clock: Clock) {
    this.provider = provider;
    this.#clock = clock;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Milliseconds until it may be asked again; 0: now. */
  get pauseMs(): number {
    return 'nextTryMs' in this.#state ? Math.max(0, this.#state.nextTryMs - this.#clock.now()) : 0;
  }

  /** @throws EmbeddingError; the signal's reason, which counts as unreachable where it says that time is up */
  async embed(
    texts: readonly string[],
    task: EmbeddingTask,
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    try {
      const vectors = await this.provider.embed(texts, task, signal);
      if (
        vectors.length !== texts.length ||
        vectors.some(({ length }) => length === 0 || length !== vectors[0]?.length)
      ) {
        throw new EmbeddingError(
          'refused',
          'The embedding server sent vectors that are not one for each text, of one length.',
          'Use another server.',
        );
      }
      this.#failures = 0;
      this.#state = { kind: 'ready' };
      return vectors;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  #note(error: unknown): void {
    const fault = faultOf(error);
    if (fault === undefined || fault.fault === 'input') return;
    this.#failures += 1;
    this.#state = {
      kind: fault.fault,
      detail: fault.message,
      fix: fault.fix,
      nextTryMs: this.#clock.now() + pauseAfter(this.#failures),
    };
  }
}

function faultOf(error: unknown): EmbeddingError | undefined {
  if (error instanceof EmbeddingError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new EmbeddingError(
      'unreachable',
      'The embedding server takes too long.',
      'It is tried again by itself.',
    );
  }
  return undefined;
}
