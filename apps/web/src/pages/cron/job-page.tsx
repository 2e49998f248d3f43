import { type CronJob, CronJobId, GatewayError } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { CalendarX2, TriangleAlert } from 'lucide-react';
import { useGateway } from '../../api/gateway.tsx';
import { cronWords } from '../../i18n/cron.ts';
import { useWords } from '../../settings/settings.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { incidentsQuery, jobQuery } from './cron-queries.ts';
import { RunHistory } from './history/run-history.tsx';
import { Incidents, isOpen } from './incidents.tsx';
import { JobActions } from './job-actions.tsx';
import { JobBar } from './job-bar.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobBadge } from './job-state.tsx';
import { JobType } from './job-type.tsx';

export function JobPage() {
  const { job } = useParams({ from: '/cron/$job' });
  const id = CronJobId.safeParse(Number(job));
  return id.success ? <JobOf key={id.data} id={id.data} /> : <NoSuchJob />;
}

function JobOf({ id }: { id: CronJobId }) {
  const job = useQuery(jobQuery(useGateway(), id));
  if (job.data !== undefined) return <JobView job={job.data} />;
  if (job.error instanceof GatewayError && job.error.code === 'not_found') return <NoSuchJob />;
  return (
    <JobPending error={job.isError ? job.error : undefined} onRetry={() => void job.refetch()} />
  );
}

function JobView({ job }: { job: CronJob }) {
  return (
    <>
      <JobBar
        title={job.name}
        under={
          <p className="flex items-center gap-2 truncate text-soft text-xs">
            <JobType job={job} />
            <span aria-hidden>·</span>
            <bdi className="truncate">{job.bot_id}</bdi>
          </p>
        }
      >
        <span className="max-sm:hidden">
          <JobBadge job={job} />
        </span>
        <JobActions job={job} />
      </JobBar>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-7 px-4 py-5 md:px-8">
          <JobIncidents id={job.id} />
          {job.note !== null && job.note !== '' && (
            <p className="flex items-start gap-2.5 rounded-lg bg-warn-wash px-4 py-3 text-sm">
              <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
              <bdi className="min-w-0 [overflow-wrap:anywhere]">{job.note}</bdi>
            </p>
          )}
          <JobFacts job={job} />
          <RunHistory job={job} />
        </div>
      </div>
    </>
  );
}

function JobIncidents({ id }: { id: CronJobId }) {
  const incidents = useQuery(incidentsQuery(useGateway()));
  const open = incidents.data?.filter((one) => one.job_id === id && isOpen(one)) ?? [];
  return open.length === 0 ? null : <Incidents incidents={open} />;
}

export function NoSuchJob() {
  const words = useWords(cronWords);
  return (
    <>
      <JobBar title={words.title} phoneOnly />
      <EmptyState icon={CalendarX2} title={words.gone.title}>
        {words.gone.body}
      </EmptyState>
    </>
  );
}

export interface JobPendingProps {
  /** Undefined: it is being read. */
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Where a job will be, in its size. */
export function JobPending({ error, onRetry }: JobPendingProps) {
  const words = useWords(cronWords);
  return (
    <>
      <JobBar title="…" />
      <div className="mx-auto w-full max-w-3xl px-4 py-5 md:px-8">
        {error !== undefined ? (
          <ErrorNotice error={error} onRetry={onRetry} />
        ) : (
          <div role="status" aria-label={words.title} className="flex flex-col gap-4">
            <Skeleton className="h-7 w-2/5" />
            <Skeleton className="h-24 rounded-lg" />
            <Skeleton className="h-16 rounded-lg" />
            <Skeleton className="h-40 rounded-lg" />
          </div>
        )}
      </div>
    </>
  );
}
