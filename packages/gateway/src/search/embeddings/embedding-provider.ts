import { z } from 'zod';

/** Why texts could not be embedded. `input`: the server does not take these texts, and others it may. */
export type EmbeddingFault = 'unreachable' | 'model_missing' | 'refused' | 'input';

/** Texts could not be embedded. The message says what happened; it holds no secret. */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
  readonly fault: EmbeddingFault;
  /** What to do about it. */
  readonly fix: string;

  constructor(fault: EmbeddingFault, message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
    this.fix = fix;
  }
}

/** What a text is embedded for: some models want to be told. */
export type EmbeddingTask = 'document' | 'query';

/** A server that turns texts into vectors. */
export interface EmbeddingProvider {
  readonly provider: 'ollama' | 'openai';
  readonly model: string;
  /**
   * One vector for each text, in order.
   * @throws EmbeddingError; the signal's reason
   */
  readonly embed: (
    texts: readonly string[],
    task: EmbeddingTask,
    signal: AbortSignal,
  ) => Promise<Float32Array[]>;
  /**
   * See whether it is there and has the model, with as little work as can be.
   * @throws EmbeddingError; the signal's reason
   */
  readonly check: (signal: AbortSignal) => Promise<void>;
}

/** A fault of the connection, or of what is not the server that it should be. */
export const unanswered = (where: string, cause: unknown): EmbeddingError =>
  cause instanceof SyntaxError || cause instanceof z.ZodError
    ? new EmbeddingError(
        'refused',
        `What answers at ${where} is no embedding server.`,
        'Correct the address of the embedding server.',
        cause,
      )
    : new EmbeddingError(
        'unreachable',
        `No embedding server answers at ${where}.`,
        'Start it, or correct its address.',
        cause,
      );
