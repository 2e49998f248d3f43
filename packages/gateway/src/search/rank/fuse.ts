import type { Explanation, SearchMode } from '@mini-claude-bot/contract';

/** A row as one of the two searches found it, by its best passage. Lists are in order, best first. */
export interface Found {
  readonly row: number;
  /** Its best passage, in UTF-16 units of the row's text. */
  readonly start: number;
  readonly end: number;
}

export interface TextFound extends Found {
  /** Negative; smaller is better. */
  readonly bm25: number;
  /** How many of the terms it has. */
  readonly terms: number;
}

export interface VectorFound extends Found {
  /** Cosine distance, 0 to 2. */
  readonly distance: number;
}

/** A row in its place among all hits. */
export interface Ranked extends Found {
  /** 0 to 2; never smaller than that of the hit before. */
  readonly distance: number;
  readonly explain: Explanation;
}

export interface Candidates {
  readonly text: readonly TextFound[];
  readonly vector: readonly VectorFound[];
  /** How many terms were looked for. */
  readonly terms: number;
  /** The age of a row in days; undefined: age does not matter. */
  readonly ageDays?: (row: number) => number;
}

/** Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet" (SIGIR 2009), has 60. */
const rankOffset = 60;
/** What a row of today gains at most: a few places, never the whole list. */
const mostForRecency = 0.05;
const halfLifeDays = 30;

/**
 * One list of both, by reciprocal rank. What was found by words counts by how much of the query it has: where no row
 * has most of its words, the query was put in other words, and a few common ones do not outweigh a meaning. What is
 * recent gains a little.
 */
export function fuse(candidates: Candidates, mode: SearchMode): Ranked[] {
  const merged = merge(candidates, mode);
  merged.sort((a, b) => b.explain.score - a.explain.score || b.row - a.row);
  return withGrowingDistances(merged, candidates.terms);
}

function merge({ text, vector, terms, ageDays }: Candidates, mode: SearchMode): Merged[] {
  const rows = new Map<number, Merged>();
  const best = bestCoverage(text, terms);
  const add = (found: Found, score: number, said: Partial<Explanation>): void => {
    const recency = ageDays === undefined ? 1 : recencyFactor(ageDays(found.row));
    const before = rows.get(found.row);
    const explain = {
      ...(before?.explain ?? { score: 0, text: null, vector: null, recency }),
      ...said,
    };
    explain.score = (before?.explain.score ?? 0) + score * recency;
    const { row, start, end } = before ?? found;
    rows.set(row, { row, start, end, explain });
  };
  if (mode !== 'vector') {
    for (const [index, found] of text.entries()) {
      const weight = mode === 'text' ? 1 : textWeight(found.terms / Math.max(1, terms), best);
      const { bm25, terms: has } = found;
      add(found, weight / (rankOffset + index + 1), {
        text: { rank: index + 1, bm25, terms: has },
      });
    }
  }
  if (mode !== 'text') {
    for (const [index, found] of vector.entries()) {
      const { distance } = found;
      add(found, 1 / (rankOffset + index + 1), { vector: { rank: index + 1, distance } });
    }
  }
  return [...rows.values()];
}

type Merged = Found & { readonly explain: Explanation };

/** The largest share of the terms that one of the first rows has. */
const bestCoverage = (text: readonly TextFound[], terms: number): number =>
  Math.max(0, ...text.slice(0, 20).map((found) => found.terms / Math.max(1, terms)));

/**
 * What a row counts that was found by words, where one found by meaning counts 1. The numbers come from trying: with
 * those around them the benchmark's results are hardly worse (`npm run bench -- search`).
 * @param coverage the share of the terms that it has
 * @param best the share that the best one has
 */
const textWeight = (coverage: number, best: number): number =>
  best === 0 ? 0 : 1.5 * best ** 5 * (coverage / best) ** 0.75;

const recencyFactor = (days: number): number =>
  1 + mostForRecency * 0.5 ** (Math.max(0, days) / halfLifeDays);

/**
 * The cosine distance where there is one, else an estimate from the words. Whoever stands before a hit is
 * at least as good: its distance is not larger.
 */
function withGrowingDistances(hits: readonly Merged[], terms: number): Ranked[] {
  let smallest = 2;
  return hits
    .toReversed()
    .map((hit) => {
      smallest = Math.min(smallest, distanceOf(hit.explain, terms));
      return { ...hit, explain: shown(hit.explain), distance: rounded(smallest) };
    })
    .reverse();
}

/** As many digits as say something: what follows is noise, and long in an address. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

const shown = ({ score, text, vector, recency }: Explanation): Explanation => ({
  score: rounded(score),
  text: text === null ? null : { ...text, bm25: rounded(text.bm25) },
  vector: vector === null ? null : { ...vector, distance: rounded(vector.distance) },
  recency: rounded(recency),
});

function distanceOf({ text, vector }: Explanation, terms: number): number {
  if (vector !== null) return Math.min(2, Math.max(0, vector.distance));
  if (text === null) return 2;
  const coverage = text.terms / Math.max(1, terms);
  return Math.min(2, 1.2 - coverage * 0.8 + 0.1 / (1 - text.bm25));
}
