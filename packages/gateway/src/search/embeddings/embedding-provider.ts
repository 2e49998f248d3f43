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
}
