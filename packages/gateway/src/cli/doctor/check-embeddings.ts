import type { Config } from '../../config/config.ts';
import { configuredProvider } from '../../search/embeddings/choose-provider.ts';
import { EmbeddingError } from '../../search/embeddings/embedding-provider.ts';
import { type Finding, ok, warning, wordsOf } from './finding.ts';

const answerMs = 5_000;
const without = 'Until then searches go by words alone.';

/** Whether the embedding server is there, and has the model. Without one the gateway works all the same. */
export async function checkEmbeddings(config: Config): Promise<Finding> {
  const provider = configuredProvider(config);
  if (provider === undefined)
    return ok('embeddings', 'Searches go by words alone (EMBEDDINGS_PROVIDER=none).');
  try {
    await provider.check(AbortSignal.timeout(answerMs));
    return ok('embeddings', `Searches go by meaning too, with the model ${provider.model}.`);
  } catch (error) {
    if (error instanceof EmbeddingError)
      return warning('embeddings', `${error.message} ${without}`, `${error.fix}${choice(error)}`);
    return warning(
      'embeddings',
      `The embedding server does not answer within ${answerMs / 1000} s (${wordsOf(error)}). ${without}`,
      'Look into the log of that server.',
    );
  }
}

/** Not everybody wants one. */
const choice = ({ fault }: EmbeddingError): string =>
  fault === 'unreachable' ? ' Or set EMBEDDINGS_PROVIDER=none.' : '';
