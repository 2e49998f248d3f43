import type { Config } from '../../config/config.ts';
import type { EmbeddingProvider } from './embedding-provider.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';

/** The provider of a model, where the configuration says how to reach one of that kind. */
export function providerOf(
  config: Config,
  kind: string,
  model: string,
): EmbeddingProvider | undefined {
  if (kind === 'ollama') return ollama(config.OLLAMA_BASE_URL, model);
  if (kind === 'openai')
    return openai(config.EMBEDDINGS_BASE_URL, model, config.EMBEDDINGS_API_KEY);
  return undefined;
}

/** What new texts are embedded with; undefined: nothing. */
export function configuredProvider(config: Config): EmbeddingProvider | undefined {
  const kind = config.EMBEDDINGS_PROVIDER;
  const model =
    config.EMBEDDINGS_MODEL ??
    (kind === 'ollama' ? config.OLLAMA_EMBED_MODEL : 'text-embedding-3-small');
  return providerOf(config, kind, model);
}
