import { type Measurement, measured, type ResultTable } from '../result.ts';
import { type ClassScore, type Mode, searchModes } from './quality/scores.ts';
import type { WhileIndexing } from './scale/catch-up.ts';
import type { ScaleRun } from './scale/measure-scale.ts';
import { type SearchKind, searchKinds } from './scale/searches.ts';

const labels: Readonly<Record<SearchKind, string>> = {
  plain: 'plain sqlite-vec scan over all rows',
  vector: 'search by vector over all rows',
  hybrid: 'hybrid search over all rows',
  text: 'search by words over all rows',
  small: 'search by vector, bot with 1 % of the rows',
};

/** How good the results are, a row for each class. */
export function qualityTable(scores: readonly ClassScore[]): ResultTable {
  const of = (key: 'ndcg' | 'recall', { scores: each }: ClassScore): string[] =>
    searchModes.map((mode: Mode) => each[mode][key].toFixed(3));
  return {
    head: ['queries', 'n', ...headsOf('nDCG@10'), ...headsOf('recall@10')],
    rows: scores.map((score) => [
      score.name,
      String(score.queries),
      ...of('ndcg', score),
      ...of('recall', score),
    ]),
    left: [0],
  };
}

const headsOf = (metric: string): string[] => searchModes.map((mode) => `${metric} ${mode}`);

/** How fast it is with many rows. */
export function scaleMeasurements({ wordsRate, catchUp, searches }: ScaleRun): Measurement[] {
  const { before, during } = catchUp;
  const rate = catchUp.rows / catchUp.seconds;
  const percent = (shares: readonly number[]): number[] => shares.map((share) => share * 100);
  return [
    ...searchKinds.map((kind) => measured(`search.${kind}`, labels[kind], searches.times[kind])),
    measured('search.recall', 'recall@10 over all rows', percent(searches.recallOfAll), '%'),
    measured(
      'search.recall-small',
      'recall@10, bot with 1 %',
      percent(searches.recallOfSmall),
      '%',
    ),
    blockedRow('search.blocked', 'event loop blocked, while searching', searches.blocked),
    blockedRow('search.blocked-rest', 'event loop blocked, at rest', searches.blockedAtRest),
    measured('search.words-rate', 'found by words: rows', [wordsRate], 'rows/s'),
    measured('search.vectors-rate', 'found by vectors after an outage: rows', [rate], 'rows/s'),
    measured('search.server-busy', 'the embedding server at work', [catchUp.serverBusy * 100], '%'),
    measured('search.batch', 'rows a request', [catchUp.textsARequest], 'rows'),
    ...whileIndexing('before', 'waiting for the server', before),
    ...whileIndexing('during', 'catching up', during),
  ];
}

const whileIndexing = (id: string, label: string, seen: WhileIndexing): Measurement[] => [
  measured(`search.${id}.turn`, `${label}: warm turn, first text`, seen.turns),
  measured(`search.${id}.insert`, `${label}: storing a message`, seen.inserts),
  blockedRow(`search.${id}.blocked`, `${label}: event loop blocked`, seen.blocked),
];

const blockedRow = (id: string, label: string, blocked: WhileIndexing['blocked']): Measurement => ({
  id,
  label,
  unit: 'ms',
  ...blocked,
});
