import type { CronJob, CronRun } from '@mini-claude-bot/contract';
import { table } from '../table.ts';

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
