import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import type { GatewayProcess } from '../../gateway-process.ts';
import { freePort } from '../../gateway-process.ts';
import type { GatewayProbe } from '../../load/gateway-probe.ts';
import type { BenchPlace } from '../../turns/bench-place.ts';
import { readCorpus } from '../corpus/corpus.ts';
import { writeRows } from '../database-rows.ts';
import { untilIndexed, wordsWaiting } from '../until-indexed.ts';
import { type CatchUp, catchUp } from './catch-up.ts';
import { manyRows } from './many-rows.ts';
import { PlainScan, storedTexts } from './plain-scan.ts';
import { runSearches, type Searches } from './searches.ts';
import { SyntheticVectors } from './synthetic-vectors.ts';

/** How much is measured. */
export interface ScaleAmount {
  readonly rows: number;
  /** Searches of each kind. */
  readonly searches: number;
  /** Warm turns before the outage ends. */
  readonly turns: number;
}

/** What came out with many rows. */
export interface ScaleRun {
  /** How fast rows became searchable by their words, in rows a second. */
  readonly wordsRate: number;
  readonly catchUp: CatchUp;
  readonly searches: Searches;
}

/** Many rows: found by words at once, by vectors once the embedding server is back; then searched. */
export async function measureScale(
  place: BenchPlace,
  probeOf: (gateway: GatewayProcess) => GatewayProbe,
  { rows, searches, turns }: ScaleAmount,
  say: (line: string) => void,
): Promise<ScaleRun> {
  const database = join(await place.directory(), 'gateway.db');
  const { messages } = await readCorpus();
  const sentences = messages.map(({ text }) => text);
  writeRows(database, manyRows(rows, sentences, new Date()));
  const copy = join(await place.directory(), 'copy.db');
  await copyFile(database, copy);
  const port = await freePort();
  const gateway = await place.gateway({
    DATABASE_PATH: database,
    OLLAMA_BASE_URL: `http://127.0.0.1:${port}`,
  });
  const client = createClient({ baseUrl: gateway.url });
  const probe = probeOf(gateway);
  say(`${rows} rows, and no embedding server`);
  const startedAt = performance.now();
  await untilIndexed(client, wordsWaiting);
  const wordsRate = rows / ((performance.now() - startedAt) / 1000);
  say('the embedding server comes back');
  const [server, caughtUp] = await catchUp({ gateway, client, probe, copy, port, turns });
  try {
    say('the same rows in a plain table of sqlite-vec');
    const vectors = new SyntheticVectors();
    const embed = (text: string): Float32Array => vectors.embed(text);
    const texts = storedTexts(database);
    const plain = new PlainScan(join(await place.directory(), 'plain.db'));
    try {
      plain.fill(texts, embed);
      say('searches');
      const parts = { client, probe, plain, texts, embed, sentences, count: searches };
      return { wordsRate, catchUp: caughtUp, searches: await runSearches(parts) };
    } finally {
      plain.close();
    }
  } finally {
    await server.stop();
    await gateway.stop();
  }
}
