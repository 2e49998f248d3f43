import { type CorpusQuery, type QueryClass, queryClasses } from '../corpus/corpus.ts';
import { ndcg, recall } from '../ranking-metrics.ts';

export const searchModes = ['text', 'vector', 'hybrid'] as const;
export type Mode = (typeof searchModes)[number];

export const resultsScored = 10;

/** What each way of searching answered to a query: ids of the corpus, best first. */
export interface Answered {
  readonly query: CorpusQuery;
  readonly ranked: Readonly<Record<Mode, readonly string[]>>;
}

/** Means over queries, 0 to 1. */
export interface Score {
  readonly ndcg: number;
  readonly recall: number;
}

/** How the ways of searching did with a class of queries. */
export interface ClassScore {
  readonly name: QueryClass | 'all';
  readonly queries: number;
  readonly scores: Readonly<Record<Mode, Score>>;
}

/** A score for each class, and at last for all of them together. */
export function scoreClasses(answered: readonly Answered[]): ClassScore[] {
  const classes = queryClasses.map((name) =>
    scored(
      name,
      answered.filter(({ query }) => query.class === name),
    ),
  );
  return [...classes, scored('all', answered)];
}

const scored = (name: ClassScore['name'], answered: readonly Answered[]): ClassScore => ({
  name,
  queries: answered.length,
  scores: {
    text: meanScore(answered, 'text'),
    vector: meanScore(answered, 'vector'),
    hybrid: meanScore(answered, 'hybrid'),
  },
});

function meanScore(answered: readonly Answered[], mode: Mode): Score {
  const each = answered.map(({ query: { relevant }, ranked }) => ({
    ndcg: ndcg(ranked[mode], relevant, resultsScored),
    recall: recall(ranked[mode], new Set(Object.keys(relevant)), resultsScored),
  }));
  return {
    ndcg: mean(each.map((score) => score.ndcg)),
    recall: mean(each.map((score) => score.recall)),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
