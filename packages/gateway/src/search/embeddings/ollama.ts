import type { Ollama } from 'ollama/browser';
import { z } from 'zod';
import {
  EmbeddingError,
  type EmbeddingProvider,
  type EmbeddingTask,
  unanswered,
} from './embedding-provider.ts';
import { serverAddress } from './server-address.ts';

/** https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings */
const Answer = z.object({ embeddings: z.array(z.array(z.number())) });

/** What Ollama's client throws for an answer that is no success. */
const Refusal = z.object({ status_code: z.int(), error: z.string() });

/** https://huggingface.co/nomic-ai/nomic-embed-text-v1.5#task-instruction-prefixes */
const nomicPrefix: Record<EmbeddingTask, string> = {
  document: 'search_document: ',
  query: 'search_query: ',
};

const prefixFor = (model: string, task: EmbeddingTask): string =>
  /(^|\/)nomic-embed-text/.test(model) ? nomicPrefix[task] : '';

/** Embeds with a model of Ollama's. */
export function ollama(baseUrl: string, model: string): EmbeddingProvider {
  const { url, headers } = serverAddress(baseUrl);

  /** @throws EmbeddingError; the signal's reason */
  async function ask<T>(signal: AbortSignal, call: (client: Ollama) => Promise<T>): Promise<T> {
    // A client of its own for each call: that of the library can't be told of a signal.
    const { Ollama } = await import('ollama/browser');
    const withSignal: typeof fetch = (input, init) => fetch(input, { ...init, signal });
    try {
      return await call(new Ollama({ host: url, headers: { ...headers }, fetch: withSignal }));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const refusal = Refusal.safeParse(error);
      throw refusal.success ? faultOf(refusal.data) : unanswered(url, error);
    }
  }

  function faultOf({ status_code: status, error }: z.infer<typeof Refusal>): EmbeddingError {
    if (status === 404) {
      return new EmbeddingError(
        'model_missing',
        `Ollama at ${url} does not have the model ${model}.`,
        `ollama pull ${model}`,
      );
    }
    const known = status === 400 || status === 413 ? 'input' : 'refused';
    return new EmbeddingError(
      status >= 500 ? 'unreachable' : known,
      `Ollama at ${url} answered with status ${status}: ${error.slice(0, 300)}`,
      'Look into the log of Ollama.',
    );
  }

  return {
    provider: 'ollama',
    model,
    embed: (texts, task, signal) =>
      ask(signal, async (client) => {
        const prefix = prefixFor(model, task);
        const input = texts.map((text) => prefix + text);
        const answer = await client.embed({ model, input, truncate: true });
        return Answer.parse(answer).embeddings.map((vector) => Float32Array.from(vector));
      }),
    check: (signal) =>
      ask(signal, async (client) => {
        await client.show({ model });
      }),
  };
}
