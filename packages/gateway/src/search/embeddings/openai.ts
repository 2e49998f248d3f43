import { z } from 'zod';
import { askServer, shownUrl } from './ask-server.ts';
import { EmbeddingError, type EmbeddingProvider } from './embedding-provider.ts';

/** https://platform.openai.com/docs/api-reference/embeddings, which many servers speak. */
const Answer = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
});

/** Embeds with an OpenAI-compatible server. @param apiKey undefined: the server wants none */
export function openai(
  baseUrl: string,
  model: string,
  apiKey: string | undefined,
): EmbeddingProvider {
  const url = `${baseUrl.replace(/\/+$/, '')}/embeddings`;
  const where = shownUrl(baseUrl);
  // What the server says may repeat a part of the key: it is not passed on.
  const faultOf = (status: number): EmbeddingError => {
    switch (status) {
      case 400:
      case 413:
      case 422:
        return new EmbeddingError('input', `The server at ${where} does not take a text.`, '');
      case 401:
      case 403:
        return new EmbeddingError(
          'refused',
          `The embedding server at ${where} refused the key.`,
          'Correct EMBEDDINGS_API_KEY.',
        );
      case 404:
        return new EmbeddingError(
          'model_missing',
          `The embedding server at ${where} does not have the model ${model}.`,
          'Correct EMBEDDINGS_MODEL or EMBEDDINGS_BASE_URL.',
        );
      default:
        return new EmbeddingError(
          'unreachable',
          `The embedding server at ${where} answered with status ${status}.`,
          'It is tried again by itself.',
        );
    }
  };
  const headers: Record<string, string> =
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return {
    provider: 'openai',
    model,
    async embed(texts, _task, signal) {
      const body = { model, input: texts, encoding_format: 'float' };
      const { data } = await askServer({ url, body, headers, answer: Answer, signal, faultOf });
      return data
        .toSorted((a, b) => a.index - b.index)
        .map(({ embedding }) => Float32Array.from(embedding));
    },
  };
}
