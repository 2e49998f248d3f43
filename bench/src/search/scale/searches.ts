import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import type { GatewayProbe } from '../../load/gateway-probe.ts';
import type { Summary } from '../../statistics.ts';
import type { Mode } from '../quality/scores.ts';
import { recall } from '../ranking-metrics.ts';
import { exactNearest } from './exact-scan.ts';
import { manyQueries, smallBot } from './many-rows.ts';
import type { PlainScan, StoredText } from './plain-scan.ts';

const k = 10;
const atOnce = 8;

/** What is searched: the plain scan in this process, and the gateway over HTTP. */
export const searchKinds = ['plain', 'vector', 'hybrid', 'text', 'small'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** How long searches took, in milliseconds, and what they found. */
export interface Searches {
  readonly times: Readonly<Record<SearchKind, readonly number[]>>;
  /** Of searches by vector over all rows: which share of the ten nearest each found. */
  readonly recallOfAll: readonly number[];
  /** The same for a bot that owns one row in a hundred, over its own rows. */
  readonly recallOfSmall: readonly number[];
  readonly blocked: Summary;
  /** For as long, with nothing asked of the gateway. */
  readonly blockedAtRest: Summary;
}

export interface SearchParts {
  readonly client: Client;
  readonly probe: GatewayProbe;
  readonly plain: PlainScan;
  readonly texts: readonly StoredText[];
  readonly embed: (text: string) => Float32Array;
  readonly sentences: readonly string[];
  /** Searches of each kind. */
  readonly count: number;
}

/** Searches of all kinds in turns, so that all have the same machine; then many at once. */
export async function runSearches(parts: SearchParts): Promise<Searches> {
  const { client, probe, count, sentences } = parts;
  const times: Record<SearchKind, number[]> = {
    plain: [],
    vector: [],
    hybrid: [],
    text: [],
    small: [],
  };
  const recalls = { all: [] as number[], small: [] as number[] };
  const exactSmall = exactOf(smallBot, parts);
  // A text of its own for each kind: what one of them has embedded must not be another's gain.
  const queries = searchKinds.map(
    (kind, seed) => [kind, manyQueries(count, sentences, seed)] as const,
  );
  const startedAt = performance.now();
  await probe.ask();
  for (let index = 0; index < count; index += 1) {
    for (const [kind, texts] of queries) {
      const text = texts[index] ?? '';
      const timed = await time(() => searchOf(kind, text, parts));
      times[kind].push(timed.ms);
      if (kind === 'vector')
        recalls.all.push(recall(strings(timed.ids), new Set(strings(nearestOf(text, parts))), k));
      if (kind === 'small')
        recalls.small.push(recall(strings(timed.ids), new Set(strings(exactSmall(text))), k));
    }
  }
  for (const texts of chunks(manyQueries(count, sentences, 100), atOnce))
    await Promise.all(texts.map((text) => ask(client, text, 'hybrid')));
  const { blocked } = await probe.ask();
  await sleep(performance.now() - startedAt);
  const { blocked: blockedAtRest } = await probe.ask();
  return { times, recallOfAll: recalls.all, recallOfSmall: recalls.small, blocked, blockedAtRest };
}

function searchOf(
  kind: SearchKind,
  text: string,
  parts: SearchParts,
): Promise<number[]> | number[] {
  switch (kind) {
    case 'plain':
      return nearestOf(text, parts);
    case 'small':
      return ask(parts.client, text, 'vector', smallBot);
    default:
      return ask(parts.client, text, kind);
  }
}

const nearestOf = (text: string, { plain, embed }: SearchParts): number[] =>
  plain.nearest(embed(text), k);

async function ask(client: Client, text: string, mode: Mode, bot?: string): Promise<number[]> {
  const scope = bot === undefined ? {} : { bot_id: bot };
  const hits = await client.call(operations.searchChat, { q: text, limit: k, mode, ...scope });
  return hits.map(({ id }) => id);
}

/** What an exact scan of one bot's own rows finds. */
function exactOf(bot: string, { texts, embed }: SearchParts): (text: string) => number[] {
  const placed = texts
    .filter(({ botId }) => botId === bot)
    .map(({ id, content }) => ({ id, vector: embed(content) }));
  return (text) => exactNearest(placed, embed(text), k);
}

async function time(
  search: () => Promise<number[]> | number[],
): Promise<{ ms: number; ids: number[] }> {
  const startedAt = performance.now();
  const ids = await search();
  return { ms: performance.now() - startedAt, ids };
}

const strings = (ids: readonly number[]): string[] => ids.map(String);

const chunks = (texts: readonly string[], size: number): string[][] =>
  Array.from({ length: Math.ceil(texts.length / size) }, (_, index) =>
    texts.slice(index * size, (index + 1) * size),
  );
