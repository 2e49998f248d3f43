import { z } from 'zod';
import { askServer, shownUrl } from './ask-server.ts';
import { EmbeddingError, type EmbeddingProvider, type EmbeddingTask } from './embedding-provider.ts';

/** https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings */
const Answer = z.object({ embeddings: z.array(z.array(z.number())) });

/** https://huggingface.co/nomic-ai/nomic-embed-text-v1.5#task-instruction-prefixes */
const nomicPrefix: Record<EmbeddingTask, string> = {
  document: 'search_document: ',
  query: 'search_query: ',
};

const prefixFor = (model: string, task: EmbeddingTask): string =>
  /(^|\/)nomic-embed-text/.test(model) ? nomicPrefix[task] : '';

/** Embeds with a model of Ollama's. */
export function ollama(baseUrl: string, model: string): EmbeddingProvider {
  const url = `${baseUrl.replace(/\/+$/, '')}/api/embed`;
  const faultOf = (status: number, words: string): EmbeddingError => {
    if (status === 404) {
      return new EmbeddingError(
        'model_missing',
        `Ollama at ${shownUrl(baseUrl)} does not have the model ${model}.`,
        `ollama pull ${model}`,
      );
    }
    const fault = status === 400 || status === 413 ? 'input' : status >= 500 ? 'unreachable' : 'refused';
    return new EmbeddingError(
      fault,
      `Ollama answered with status ${status}: ${words}`,
      'Look into the log of Ollama.',
    );
  };
  return {
    provider: 'ollama',
    model,
    async embed(texts, task, signal) {
      const prefix = prefixFor(model, task);
      const body = { model, input: texts.map((text) => prefix + text), truncate: true };
      const { embeddings } = await askServer({ url, body, answer: Answer, signal, faultOf });
      return embeddings.map((vector) => Float32Array.from(vector));
    },
  };
}
