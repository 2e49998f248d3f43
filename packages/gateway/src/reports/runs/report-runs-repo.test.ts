import { expect, test } from 'vitest';
import { openDatabase } from '../../db/open-database.ts';
import { reportContent } from '../content.ts';
import { reportDefinition } from '../definitions/definition.ts';
import { toldBefore } from '../writing/told-before.ts';
import { ReportRunsRepo } from './report-runs-repo.ts';
import type { Audience } from './run.ts';

const definition = reportDefinition.parse({
  language: 'en',
  title: 'Paper',
  time: '09:00',
  zone: 'UTC',
  sections: [{ id: 'news', title: 'News', instructions: 'x' }],
});
const content = (day: string, title: string) =>
  reportContent.parse({
    ...{ name: 'paper', language: 'en', title: 'Paper', date: day, timeZone: 'UTC' },
    ...{ writtenAt: 0, summary: [] },
    sections: [{ id: 'news', title: 'News', items: [{ title, text: 'So.', links: [] }] }],
  });

/** A run that has finished. */
function finished(repo: ReportRunsRepo, day: string, audience: Audience = 'all', report = 'paper') {
  const id = `${report}-${day}-${audience}`;
  repo.insert({ id, report, day, key: null, audience, definition, createdAtMs: 0 });
  const run = repo.find(id);
  if (run === undefined) throw new Error('it is not there');
  repo.setContent(run.seq, 'setting', content(day, `What ${id} said`));
  repo.finish(run.seq, [], null, 1);
  return run;
}

test('what Claude is told of earlier reports: those that went out, of the last days, newest first', () => {
  const repo = new ReportRunsRepo(openDatabase(':memory:'));
  for (const day of ['2026-01-30', '2026-01-31', '2026-02-10', '2026-03-01', '2026-03-02'])
    finished(repo, day);
  finished(repo, '2026-02-20', 'preview');
  finished(repo, '2026-02-21', 'nobody');
  finished(repo, '2026-02-22', 'all', 'other');
  expect(toldBefore(repo.earlier('paper', '2026-01-31', '2026-03-02'))).toEqual([
    '2026-03-01 news: What paper-2026-03-01-all said',
    '2026-02-10 news: What paper-2026-02-10-all said',
    '2026-01-31 news: What paper-2026-01-31-all said',
  ]);
});

test('the first end of a run counts, and one that failed is taken up where its text was there', () => {
  const repo = new ReportRunsRepo(openDatabase(':memory:'));
  const run = finished(repo, '2026-03-01');
  expect(repo.end(run.seq, 'failed', 'late', 5)).toBe(false);
  repo.insert({
    ...{ id: 'x', report: 'paper', day: '2026-03-02', key: 'k' },
    audience: 'all',
    definition,
    createdAtMs: 0,
  });
  const other = repo.findByKey('k');
  if (other === undefined) throw new Error('it is not there');
  repo.setContent(other.seq, 'setting', content('2026-03-02', 'New'));
  expect(repo.end(other.seq, 'failed', 'no XeLaTeX', 5)).toBe(true);
  const again = repo.find('x');
  if (again === undefined) throw new Error('it is not there');
  repo.restart(again);
  expect(repo.find('x')).toMatchObject({ state: 'checking', problem: null, finishedAtMs: null });
  expect(repo.open().map(({ id }) => id)).toEqual(['x']);
});
