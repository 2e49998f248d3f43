import { join } from 'node:path';
import { type Client, createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import type { BenchPlace } from '../../turns/bench-place.ts';
import { type CorpusQuery, readCorpus } from '../corpus/corpus.ts';
import { writeRows } from '../database-rows.ts';
import { untilIndexed, vectorsWaiting } from '../until-indexed.ts';
import { corpusBot, corpusRows } from './corpus-rows.ts';
import { type Answered, type Mode, resultsScored, searchModes } from './scores.ts';

/** Where the vectors come from. */
export interface EmbeddingSource {
  readonly url: string;
  readonly model: string;
}

/** Put each query of the corpus to a gateway, in each way there is. */
export async function measureQuality(
  place: BenchPlace,
  { url, model }: EmbeddingSource,
): Promise<Answered[]> {
  const corpus = await readCorpus();
  const database = join(await place.directory(), 'gateway.db');
  const { messages, memories, messageIds } = corpusRows(corpus, new Date());
  writeRows(database, messages, memories);
  const gateway = await place.gateway({
    DATABASE_PATH: database,
    OLLAMA_BASE_URL: url,
    OLLAMA_EMBED_MODEL: model,
  });
  try {
    const client = createClient({ baseUrl: gateway.url });
    const status = await untilIndexed(client, vectorsWaiting);
    if (status.mode !== 'hybrid')
      throw new Error(`no vectors are searched: ${status.embeddings.detail}`);
    const answered: Answered[] = [];
    for (const query of corpus.queries)
      answered.push(await answer(client, query, (id) => messageIds.get(id) ?? String(id)));
    return answered;
  } finally {
    await gateway.stop();
  }
}

async function answer(
  client: Client,
  query: CorpusQuery,
  messageId: (id: number) => string,
): Promise<Answered> {
  const ranked = { text: [''], vector: [''], hybrid: [''] };
  for (const mode of searchModes) ranked[mode] = await ask(client, query, mode, messageId);
  return { query, ranked };
}

async function ask(
  client: Client,
  { over, text }: CorpusQuery,
  mode: Mode,
  messageId: (id: number) => string,
): Promise<string[]> {
  const input = { q: text, limit: resultsScored, bot_id: corpusBot, mode };
  if (over === 'memory') {
    const hits = await client.call(operations.searchMemories, input);
    return hits.map(({ key }) => key);
  }
  const hits = await client.call(operations.searchChat, input);
  return hits.map(({ id }) => messageId(id));
}
