import type { CronJob } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { cronWords } from '../../i18n/cron.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import { incidentsQuery, useJobs } from './cron-queries.ts';
import { Incidents, isOpen } from './incidents.tsx';
import { JobBar } from './job-bar.tsx';
import { JobType } from './job-type.tsx';

/** What needs attention, and what comes next: what one wants to know before one chooses a job. */
export function CronHome() {
  const words = useWords(cronWords);
  const incidents = useQuery(incidentsQuery(useGateway()));
  const { jobs } = useJobs();
  const coming = (jobs ?? []).filter(({ next_run_at }) => next_run_at !== null);
  const all = incidents.data ?? [];
  const isCalm = incidents.isSuccess && jobs !== undefined && all.length === 0;
  if (isCalm && coming.length === 0) {
    return (
      <EmptyState icon={CircleCheck} title={words.choose.title}>
        {words.choose.body}
      </EmptyState>
    );
  }
  return (
    <>
      <JobBar title={words.incidents.title} phoneOnly />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-8 px-4 py-6 md:px-8">
          {incidents.isPending && <Skeleton className="h-24 rounded-lg" />}
          {incidents.isError && incidents.data === undefined && (
            <ErrorNotice error={incidents.error} onRetry={() => void incidents.refetch()} />
          )}
          {incidents.data !== undefined && <Attention incidents={all} />}
          <Coming jobs={coming} />
        </div>
      </div>
    </>
  );
}

function Attention({ incidents }: { incidents: Parameters<typeof Incidents>[0]['incidents'] }) {
  const words = useWords(cronWords);
  const [wantsAll, setWantsAll] = useState(false);
  const open = incidents.filter(isOpen);
  const earlier = incidents.filter((incident) => !isOpen(incident));
  return (
    <section aria-label={words.incidents.title} className="flex flex-col gap-3">
      <div className="flex min-h-7 items-center gap-3">
        <h2 className="flex-1 font-semibold text-lg">{words.incidents.title}</h2>
        {earlier.length > 0 && (
          <Button small tone="ghost" onClick={() => setWantsAll(!wantsAll)}>
            {wantsAll ? words.incidents.hide : words.incidents.showAll}
          </Button>
        )}
      </div>
      {open.length === 0 && (
        <p className="flex items-center gap-2.5 text-sm text-soft">
          <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
          {earlier.length === 0 ? words.incidents.none : words.incidents.calm}
        </p>
      )}
      <Incidents incidents={wantsAll ? [...open, ...earlier] : open} />
    </section>
  );
}

/** As many as are worth a look ahead. */
const mostComing = 10;

function Coming({ jobs }: { jobs: readonly CronJob[] }) {
  const words = useWords(cronWords);
  const format = useFormat();
  const now = useNow();
  const due = jobs
    .map((job) => ({ job, at: Date.parse(job.next_run_at ?? '') }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, mostComing);
  return (
    <section aria-label={words.coming} className="flex flex-col gap-3">
      <h2 className="font-semibold text-lg">{words.coming}</h2>
      {due.length === 0 && <p className="text-soft text-sm">{words.nothingComing}</p>}
      <ol className="flex flex-col divide-y divide-line rounded-lg border border-line bg-surface empty:hidden">
        {due.map(({ job, at }) => (
          <li key={job.id}>
            <Link
              to="/cron/$job"
              params={{ job: String(job.id) }}
              className="flex items-center gap-3 px-4 py-2.5 text-sm transition-colors hover:bg-hover"
            >
              <JobType job={job} iconOnly />
              <bdi className="min-w-0 flex-1 truncate font-medium">{job.name}</bdi>
              <time
                dateTime={new Date(at).toISOString()}
                className="shrink-0 text-soft tabular-nums"
                title={format.full(at)}
              >
                {format.zoned(at)}
              </time>
              <span className="w-28 shrink-0 text-right text-accent-strong text-xs max-sm:hidden">
                {at <= now ? words.due : format.relative(at, now)}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
