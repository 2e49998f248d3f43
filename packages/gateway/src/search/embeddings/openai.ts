import { z } from 'zod';
import { EmbeddingError, type EmbeddingProvider, unanswered } from './embedding-provider.ts';
import { serverAddress } from './server-address.ts';

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
  const { url, headers } = serverAddress(baseUrl);
  const embed: EmbeddingProvider['embed'] = async (texts, _task, signal) => {
    // Loaded when it is first needed: most gateways never do.
    const { OpenAI, APIError, APIConnectionError } = await import('openai');
    const client = new OpenAI({
      apiKey: apiKey ?? 'none',
      baseURL: url,
      defaultHeaders: apiKey === undefined ? { authorization: null, ...headers } : {},
      // Nothing of the environment is for it, and trying again is the indexer's affair.
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: 'off',
    });
    try {
      const body = { model, input: [...texts], encoding_format: 'float' as const };
      const { data } = Answer.parse(await client.embeddings.create(body, { signal }));
      return data
        .toSorted((a, b) => a.index - b.index)
        .map(({ embedding }) => Float32Array.from(embedding));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const answered = error instanceof APIError && !(error instanceof APIConnectionError);
      throw answered && error.status !== undefined
        ? faultOf(error.status, url, model)
        : unanswered(url, error);
    }
  };
  return {
    provider: 'openai',
    model,
    embed,
    check: async (signal) => {
      await embed(['ok'], 'query', signal);
    },
  };
}

/** What the server says may repeat a part of the key: it is not passed on. */
function faultOf(status: number, url: string, model: string): EmbeddingError {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return new EmbeddingError(
        'input',
        `The embedding server at ${url} does not take a text.`,
        'Look into the log of that server.',
      );
    case 401:
    case 403:
      return new EmbeddingError(
        'refused',
        `The embedding server at ${url} refused the key.`,
        'Correct EMBEDDINGS_API_KEY.',
      );
    case 404:
      return new EmbeddingError(
        'model_missing',
        `The embedding server at ${url} does not have the model ${model}.`,
        'Correct EMBEDDINGS_MODEL or EMBEDDINGS_BASE_URL.',
      );
    default:
      return new EmbeddingError(
        'unreachable',
        `The embedding server at ${url} answered with status ${status}.`,
        'It is tried again by itself.',
      );
  }
}
