import type { ReportFiles } from './report-files.ts';
import type { ReportRunsRepo } from './report-runs-repo.ts';

const dayMs = 24 * 3600 * 1000;

/** What is kept of each report. */
export interface KeepRuns {
  readonly repo: ReportRunsRepo;
  readonly files: ReportFiles;
  readonly count: number;
  readonly days: number;
}

/** Remove the runs of a report that are over its limits, with their files. @param now Unix milliseconds */
export async function removeOldRuns(
  report: string,
  { repo, files, count, days }: KeepRuns,
  now: number,
): Promise<void> {
  const oldest = now - days * dayMs;
  const surplus = repo
    .ended(report)
    .filter(({ createdAtMs }, index) => index >= count || createdAtMs < oldest);
  for (const run of surplus) {
    await files.remove(run);
    repo.delete(run.seq);
  }
}

/** The same of all reports there are runs of, also of those whose files are gone. @param now Unix milliseconds */
export async function removeAllOldRuns(keep: KeepRuns, now: number): Promise<void> {
  for (const report of keep.repo.reports()) await removeOldRuns(report, keep, now);
}
