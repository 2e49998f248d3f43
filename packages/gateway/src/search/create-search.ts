import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { EmbeddingServers } from './embeddings/embedding-servers.ts';
import { inlineEngine } from './engine/inline-engine.ts';
import { searchThreads } from './engine/search-threads.ts';
import { EmbeddingIndexer } from './index/embedding-indexer.ts';
import { OldVectors } from './index/old-vectors.ts';
import { PassagesRepo } from './index/passages-repo.ts';
import { TextIndexer } from './index/text-indexer.ts';
import { VectorsRepo } from './index/vectors-repo.ts';
import { SearchService, type SearchServiceParts } from './search-service.ts';

/** Put the parts of the search together; nothing is indexed before it is started. */
export function createSearch(
  database: Database,
  config: Config,
  clock: Clock,
  logger: Logger,
  isBusy: () => boolean,
  onSearched?: SearchServiceParts['onSearched'],
): SearchService {
  const vectors = new VectorsRepo(database);
  if (vectors.unsupported !== undefined)
    logger.warn({ why: vectors.unsupported }, 'vectors can not be searched on this machine');
  const servers = new EmbeddingServers(config, clock);
  const oldVectors = new OldVectors({
    database,
    vectors,
    modelName: config.OLLAMA_EMBED_MODEL,
    logger,
  });
  const embeddingIndexer = new EmbeddingIndexer({
    vectors,
    embeddings: servers.configured,
    isBusy,
    clock,
    logger,
  });
  const textIndexer = new TextIndexer({
    repo: new PassagesRepo(database),
    clock,
    logger,
    onFirstPassage: (queued, passageId) => oldVectors.take(queued, passageId),
    onIdle: () => {
      oldVectors.finish();
      embeddingIndexer.wake();
    },
  });
  const engine = database.memory ? inlineEngine(database) : searchThreads(database.name, clock);
  return new SearchService({
    engine,
    vectors,
    servers,
    textIndexer,
    embeddingIndexer,
    clock,
    onSearched,
  });
}
