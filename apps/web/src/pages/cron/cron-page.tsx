import { Outlet, useMatchRoute } from '@tanstack/react-router';
import { cx } from '../../ui/cx.ts';
import { useJobs } from './cron-queries.ts';
import { JobList } from './job-list.tsx';

/** The list of jobs beside the one that is open; on a phone one or the other. */
export function CronPage() {
  const jobs = useJobs();
  const isListShown = useMatchRoute()({ to: '/cron' }) !== false;
  return (
    <div className="flex min-h-0 flex-1">
      <div
        className={cx(
          'flex min-h-0 w-full flex-col border-line md:w-80 md:shrink-0 md:border-r',
          !isListShown && 'max-md:hidden',
        )}
      >
        <JobList all={jobs} />
      </div>
      <div className={cx('flex min-h-0 min-w-0 flex-1 flex-col', isListShown && 'max-md:hidden')}>
        <Outlet />
      </div>
    </div>
  );
}
