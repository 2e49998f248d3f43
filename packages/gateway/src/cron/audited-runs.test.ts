import { expect, test } from 'vitest';
import { AuditedRuns } from './audited-runs.ts';
import type { JobRow } from './job-row.ts';
import type { RunRow } from './run-row.ts';

test('the audit tells of what a schedule runs, but not of what the gateway does itself', () => {
  const entries: object[] = [];
  const ended: number[] = [];
  const audited = new AuditedRuns({
    begin: (entry) => entries.push(entry),
    end: (entry) => void ended.push(entry),
  });
  const begin = (id: number, job_type: string, triggered_by = 'schedule') =>
    audited.begin({ id: 7, bot_id: 'hero', job_type } as JobRow, { id, triggered_by } as RunRow);
  begin(1, 'shell');
  begin(2, 'claude');
  begin(3, 'gateway');
  begin(4, 'shell', 'manual');
  expect(entries).toMatchObject([{ about: { run_id: '1' } }, { about: { run_id: '2' } }]);
  for (const id of [3, 2, 4]) audited.end(id);
  expect(ended).toEqual([2]);
});
