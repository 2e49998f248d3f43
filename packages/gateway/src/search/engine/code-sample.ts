import type { Database } from '../../db/database.ts';
import { differingBits, signBits, storedVector } from './codes.ts';
import type { Scope } from './search-request.ts';

/** Codes of some of a scope's rows, spread over all of them. */
export type CodeSample = readonly Uint8Array[];

/** About so many; to look at all of them takes some tenths of a millisecond. */
const size = 1_024;

/** Ids of one bot may come at even distances: multiplied, every n-th of them is as good as drawn. */
const oneIn = '((p.id * 2654435761) >> 16) % :oneIn = 0';

/** To read it takes some milliseconds. @param rows how many the scope has */
export function readCodeSample(
  database: Database,
  { kind, botId }: Pick<Scope, 'kind' | 'botId'>,
  modelId: number,
  rows: number,
): CodeSample {
  const ofBot = botId === undefined ? '' : 'AND p.bot_id = :botId';
  return (
    database
      // The order of the tables is ours: the other one reads all vectors.
      .prepare<[object], Uint8Array>(`
        SELECT v.vector FROM passages p CROSS JOIN passage_vectors v
          ON v.passage_id = p.id AND v.model_id = :modelId
        WHERE p.kind = :kind ${ofBot} AND ${oneIn}`)
      .pluck()
      .all({
        kind,
        modelId,
        oneIn: Math.max(1, Math.floor(rows / size)),
        ...(botId === undefined ? {} : { botId }),
      })
      .map((vector) => signBits(storedVector(vector)))
  );
}

/**
 * A number of bits in which nearly always the `most` nearest of all rows differ from the query, and not many more: so
 * that the search for them need not put all rows in order.
 * @returns undefined where there is none that leaves out a good part
 */
export function reachOf(
  sample: CodeSample,
  code: Uint8Array,
  rows: number,
  most: number,
): number | undefined {
  const expected = (most / Math.max(1, rows)) * sample.length;
  // How many of a sample lie within a distance varies by the root of how many are expected to.
  const place = Math.ceil(expected + 3 * Math.sqrt(expected) + 6);
  if (place > sample.length / 2) return undefined;
  return sample.map((other) => differingBits(code, other)).sort((a, b) => a - b)[place - 1];
}
