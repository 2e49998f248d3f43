import type { Database } from '../../db/database.ts';
import type { VectorFound } from '../rank/fuse.ts';
import { type CodeSample, reachOf, readCodeSample } from './code-sample.ts';
import { codesTable, cosineDistance, signBits, storedVector } from './codes.ts';
import type { Estimate } from './estimates.ts';
import { filterOf } from './filter.ts';
import type { QueryVector, Scope } from './search-request.ts';

interface Row {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly vector: Uint8Array;
}

/** sqlite-vec's own bound for k. */
const mostCandidates = 4_096;
/** The first pass costs as much as there are rows times candidates: a small bot gets an exact search. */
const workBudget = 10_000_000;
const fewestCandidates = 100;
/** With fewer rows so many of them are candidates that there is nothing to be left out. */
const fewestSampled = 8_000;

/** How many candidates of the coarse search are compared exactly. */
export const candidatesFor = (vectors: number): number =>
  Math.max(
    fewestCandidates,
    Math.min(mostCandidates, Math.floor(workBudget / Math.max(1, vectors))),
  );

/** What is remembered of earlier searches, to be quicker. */
export interface VectorEstimates {
  readonly rows: Estimate;
  readonly samples: Estimate<CodeSample>;
  /** Which scopes were searched at all: a sample is read for those that are searched again. */
  readonly searched: Set<string>;
}

/** Rows with the nearest vectors, nearest first, each with its best passage. */
export function findVectors(
  database: Database,
  scope: Scope,
  query: QueryVector,
  most: number,
  estimates: VectorEstimates,
): VectorFound[] {
  const candidates = coarse(database, scope, query, estimates);
  return exact(database, query, candidates).slice(0, most);
}

/** Nearest by the signs alone. Those that are out of reach, by what a sample says, are not put in order. */
function coarse(
  database: Database,
  scope: Scope,
  query: QueryVector,
  { rows, samples, searched }: VectorEstimates,
): number[] {
  const count = rows(`rows ${ofScope(scope)}`, () => countRows(database, scope));
  const code = signBits(query.values);
  const k = candidatesFor(count);
  const nearest = (reach?: number): number[] =>
    nearestCodes(database, scope, query.modelId, { code, k, reach });
  // Of a narrow scope nobody knows how many rows it has.
  if (count < fewestSampled || filterOf(scope).narrow) return nearest();
  const key = `${query.modelId} ${ofScope(scope)}`;
  if (!searched.has(key)) {
    searched.add(key);
    return nearest();
  }
  const sample = samples(key, () => readCodeSample(database, scope, query.modelId, count));
  const reach = reachOf(sample, code, count, k);
  const found = nearest(reach);
  return reach === undefined || found.length >= k ? found : nearest();
}

const ofScope = ({ kind, botId }: Scope): string => `${kind} ${botId ?? ''}`;

const botIn = ({ botId }: Scope): { botId?: string } => (botId === undefined ? {} : { botId });

const onlyBot = ({ botId }: Scope): string => (botId === undefined ? '' : 'AND bot_id = :botId');

const countRows = (database: Database, scope: Scope): number =>
  database
    .prepare<[object], number>(`SELECT count(*) FROM passages WHERE kind = :kind ${onlyBot(scope)}`)
    .pluck()
    .get({ kind: scope.kind, ...botIn(scope) }) ?? 0;

interface CodeQuery {
  readonly code: Uint8Array;
  /** How many at most. */
  readonly k: number;
  /** In how many bits they may differ; undefined: in all. */
  readonly reach: number | undefined;
}

/** Only the bot's own part of the table is read. */
function nearestCodes(
  database: Database,
  scope: Scope,
  modelId: number,
  { code, k, reach }: CodeQuery,
): number[] {
  const { joins, where, values, narrow } = filterOf(scope);
  const within = narrow
    ? `AND rowid IN (SELECT v.id FROM passages p ${joins} JOIN passage_vectors v
        ON v.passage_id = p.id AND v.model_id = :modelId WHERE p.kind = :kind ${where})`
    : '';
  const inReach = reach === undefined ? '' : 'AND distance <= :reach';
  return database
    .prepare<[object], number>(`
      SELECT rowid FROM ${codesTable(modelId)}
      WHERE code MATCH vec_bit(:code) AND k = :k AND kind = :kind
        ${onlyBot(scope)} ${within} ${inReach}`)
    .pluck()
    .all({
      kind: scope.kind,
      ...botIn(scope),
      ...(narrow ? { ...values, modelId } : {}),
      ...(reach === undefined ? {} : { reach }),
      code,
      k,
    });
}

function exact(database: Database, { values }: QueryVector, ids: readonly number[]): VectorFound[] {
  const rows = database
    .prepare<[string], Row>(`
      SELECT p.row_id AS row, p.start_at AS start, p.end_at AS end, v.vector
      FROM json_each(?) j JOIN passage_vectors v ON v.id = j.value JOIN passages p ON p.id = v.passage_id`)
    .iterate(JSON.stringify(ids));
  const best = new Map<number, VectorFound>();
  for (const { vector, ...found } of rows) {
    const distance = cosineDistance(values, storedVector(vector));
    const before = best.get(found.row);
    if (before === undefined || distance < before.distance) {
      best.set(found.row, { ...found, distance });
    }
  }
  return [...best.values()].sort((a, b) => a.distance - b.distance || b.row - a.row);
}
