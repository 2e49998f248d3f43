import type { CronJob } from '@mini-claude-bot/contract';
import { Link } from '@tanstack/react-router';
import { cronWords } from '../../i18n/cron.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWords } from '../../settings/settings.tsx';
import { cx } from '../../ui/cx.ts';
import { useNow } from '../../ui/use-now.ts';
import { inOneLine } from './in-one-line.ts';
import { JobDot, stateOfJob } from './job-state.tsx';
import { JobType } from './job-type.tsx';
import { ScheduleWords } from './schedule-words.tsx';

/** One job of the list: how it is, when it runs next, and how it went last. */
export function JobItem({ job, showBot }: { job: CronJob; showBot: boolean }) {
  const isOff = job.enabled === 0;
  return (
    <Link
      to="/cron/$job"
      params={{ job: String(job.id) }}
      activeOptions={{ includeSearch: false }}
      activeProps={{ className: 'bg-accent-wash hover:!bg-accent-wash' }}
      className="flex flex-col gap-0.5 rounded-md px-3 py-2.5 transition-colors duration-100 hover:bg-hover"
    >
      <span className="flex items-center gap-2">
        <JobDot job={job} />
        <bdi className={cx('min-w-0 flex-1 truncate font-medium', isOff && 'text-soft')}>
          {job.name}
        </bdi>
        <JobType job={job} iconOnly />
      </span>
      <span className="flex items-baseline gap-2 pl-6 text-sm text-soft">
        <span className="min-w-0 flex-1 truncate">
          <ScheduleWords expression={job.cron_expression} />
        </span>
        <NextRun job={job} />
      </span>
      <LastResult job={job} />
      {showBot && (
        <span className="truncate pl-6 text-soft text-xs">
          <bdi>{job.bot_id}</bdi>
        </span>
      )}
    </Link>
  );
}

function NextRun({ job: { next_run_at } }: { job: CronJob }) {
  const words = useWords(cronWords);
  const format = useFormat();
  const now = useNow();
  if (next_run_at === null) return null;
  const at = Date.parse(next_run_at);
  return (
    <time
      dateTime={next_run_at}
      title={format.full(at)}
      className="shrink-0 text-accent-strong text-xs tabular-nums"
    >
      {at <= now ? words.due : format.relative(at, now)}
    </time>
  );
}

function LastResult({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const format = useFormat();
  const now = useNow();
  const { last_run_at, last_result } = job;
  const state = stateOfJob(job);
  if (last_run_at === null) {
    return <span className="truncate pl-6 text-soft text-xs">{words.never}</span>;
  }
  const at = Date.parse(last_run_at);
  return (
    <span
      className={cx('truncate pl-6 text-xs', state === 'failing' ? 'text-danger' : 'text-soft')}
    >
      {words.lastRun(format.relative(Math.min(at, now), now))}
      {last_result !== null && last_result.trim() !== '' && (
        <>
          {' · '}
          <bdi>{inOneLine(last_result, job.job_type === 'claude')}</bdi>
        </>
      )}
    </span>
  );
}
