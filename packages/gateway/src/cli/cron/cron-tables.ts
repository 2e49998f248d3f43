import type { CronJob, CronRun } from '@mini-claude-bot/contract';
import { columnsOf, fitLine } from '../chat/fit-line.ts';
import { printableLine } from '../chat/printable-text.ts';

const longestCell = 60;

/** Rows below their headings, in columns. What others wrote is shown on one line, and does nothing. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map(cellOf))];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))),
  );
  return cells
    .map((row) =>
      row
        .map(
          (cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - columnsOf(cell))),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const cellOf = (text: string): string => fitLine(printableLine(text), longestCell);

/** To the second. */
const timeOf = (time: string | null): string => time?.slice(0, 19).replace('T', ' ') ?? '-';

const stateOf = ({ running, enabled }: CronJob): string => {
  if (running) return 'running';
  return enabled === 1 ? 'waiting' : 'paused';
};

export const jobsTable = (jobs: readonly CronJob[]): string =>
  table(
    ['ID', 'NAME', 'TIMES', 'ZONE', 'TYPE', 'STATE', 'NEXT (UTC)', 'LAST (UTC)', 'NOTE'],
    jobs.map((job) => [
      String(job.id),
      job.name,
      job.cron_expression,
      job.timezone ?? '-',
      job.job_type,
      stateOf(job),
      timeOf(job.next_run_at),
      timeOf(job.last_run_at),
      job.note ?? '',
    ]),
  );

export const runsTable = (runs: readonly CronRun[]): string =>
  table(
    ['RUN', 'BEGUN (UTC)', 'STATE', 'TRIGGER', 'TRIES', 'SECONDS', 'EXIT', 'RESULT'],
    runs.map((run) => [
      String(run.id),
      timeOf(run.started_at),
      run.state,
      run.trigger,
      String(run.attempt),
      run.duration_seconds?.toFixed(1) ?? '-',
      run.exit_code?.toString() ?? '-',
      run.result ?? run.why ?? '',
    ]),
  );

export const previewLines = ({
  next,
  timezone,
  words,
}: {
  readonly next: readonly string[];
  readonly timezone: string;
  readonly words: { readonly en: string };
}): string[] => [`${words.en} (${timezone}). Next:`, ...next.map((time) => `  ${time}`)];
