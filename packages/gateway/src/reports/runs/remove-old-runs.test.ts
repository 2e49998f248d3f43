import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/open-database.ts';
import { reportDefinition } from '../definitions/definition.ts';
import { removeAllOldRuns, removeOldRuns } from './remove-old-runs.ts';
import { ReportFiles } from './report-files.ts';
import { ReportRunsRepo } from './report-runs-repo.ts';

const definition = reportDefinition.parse({
  language: 'en',
  title: 'Paper',
  time: '09:00',
  zone: 'UTC',
  sections: [{ id: 'news', title: 'News', instructions: 'x' }],
});
const dayMs = 24 * 3600 * 1000;
const made = { pdf: Buffer.from('%PDF'), text: 'So.', html: '<p>So.' };

let root: string;
let repo: ReportRunsRepo;
let files: ReportFiles;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kept-reports-'));
  repo = new ReportRunsRepo(openDatabase(':memory:'));
  files = new ReportFiles(root);
});
afterEach(() => rmSync(root, { recursive: true }));

/** A run with its files, made so many days after the first of January. */
async function kept(report: string, n: number, ends = true): Promise<void> {
  const day = new Date(Date.UTC(2026, 0, 1) + n * dayMs).toISOString().slice(0, 10);
  const id = `${n}0000000-of-${report}`;
  const run = { id, report, day, key: null, audience: 'all', definition } as const;
  repo.insert({ ...run, createdAtMs: n * dayMs });
  const written = await files.write(run, made);
  const seq = repo.find(id)?.seq;
  if (ends && seq !== undefined) repo.finish(seq, written, null, n * dayMs);
}

const days = (report: string): string[] =>
  readdirSync(join(root, report)).map((name) => name.slice(0, 10));
const rows = (report: string): string[] => repo.list({ report, limit: 100 }).map(({ day }) => day);

test('of each report the newest are kept, with their files', async () => {
  for (const n of [1, 2, 3, 4]) await kept('paper', n);
  await kept('other', 1);
  mkdirSync(join(root, 'paper', '2026-01-02-10000000.unfinished'));
  await removeOldRuns('paper', { repo, files, count: 2, days: 100 }, 5 * dayMs);
  expect(rows('paper')).toEqual(['2026-01-05', '2026-01-04']);
  expect(days('paper').toSorted()).toEqual(['2026-01-04', '2026-01-05']);
  expect(days('other')).toEqual(['2026-01-02']);
});

test('what is too old goes, however few there are; what is not at its end stays', async () => {
  await kept('paper', 1, false);
  for (const n of [2, 9]) await kept('paper', n);
  await removeOldRuns('paper', { repo, files, count: 100, days: 7 }, 10 * dayMs);
  expect(rows('paper')).toEqual(['2026-01-10', '2026-01-02']);
  expect(days('paper').toSorted()).toEqual(['2026-01-02', '2026-01-10']);
});

test('all reports together, also one that nobody has made for long', async () => {
  await kept('paper', 1);
  await kept('other', 9);
  await removeAllOldRuns({ repo, files, count: 100, days: 7 }, 10 * dayMs);
  expect(repo.reports()).toEqual(['other']);
  expect(readdirSync(join(root, 'paper'))).toEqual([]);
});
