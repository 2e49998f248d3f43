import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarClock, Plus, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { ListHead } from '../../app/list-head.tsx';
import { cronWords } from '../../i18n/cron.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { type AllJobs, incidentsQuery } from './cron-queries.ts';
import { isOpen } from './incidents.tsx';
import { JobItem } from './job-item.tsx';

export function JobList({ all: { jobs, error, retry } }: { all: AllJobs }) {
  const words = useWords(cronWords);
  const navigate = useNavigate();
  const [filter, setFilter] = useState('');
  const known = jobs ?? [];
  const wanted = filter.trim().toLowerCase();
  const shown = known.filter(({ name, bot_id }) =>
    `${name} ${bot_id}`.toLowerCase().includes(wanted),
  );
  const showBot = new Set(known.map(({ bot_id }) => bot_id)).size > 1;
  const begin = (): void => void navigate({ to: '/cron/new' });
  return (
    <>
      <ListHead
        title={<Link to="/cron">{words.title}</Link>}
        add={{ label: words.newJob, onClick: begin }}
        filter={{ label: words.filter, value: filter, onChange: setFilter }}
        count={known.length}
      />
      <nav aria-label={words.list} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        <IncidentsLink />
        {jobs === undefined && error === undefined && <ListSkeleton />}
        {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
        {jobs?.length === 0 && error === undefined && (
          <EmptyState
            icon={CalendarClock}
            title={words.none.title}
            action={
              <Button tone="solid" icon={Plus} onClick={begin}>
                {words.newJob}
              </Button>
            }
          >
            {words.none.body}
          </EmptyState>
        )}
        {known.length > 0 && shown.length === 0 && (
          <p className="px-3 py-8 text-center text-soft text-sm">{words.noneFound}</p>
        )}
        <ul className="flex flex-col gap-px">
          {shown.map((job) => (
            <li key={job.id}>
              <JobItem job={job} showBot={showBot} />
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

/** On a phone, where the incidents are on a page of their own. */
function IncidentsLink() {
  const words = useWords(cronWords);
  const incidents = useQuery(incidentsQuery(useGateway()));
  const open = incidents.data?.filter(isOpen).length ?? 0;
  if (open === 0) return null;
  return (
    <Link
      to="/cron/incidents"
      className="mx-1 mb-2 flex items-center gap-2.5 rounded-lg bg-warn-wash px-3 py-2.5 font-medium text-sm text-warn md:hidden"
    >
      <TriangleAlert className="size-4 shrink-0" aria-hidden />
      {words.incidents.open(open)}
    </Link>
  );
}

function ListSkeleton() {
  const words = useWords(cronWords);
  return (
    <div role="status" aria-label={words.list}>
      {['a', 'b', 'c', 'd'].map((key) => (
        <div key={key} className="flex flex-col gap-2 px-3 py-3">
          <Skeleton className="h-4 w-2/5" />
          <Skeleton className="h-3.5 w-4/5" />
          <Skeleton className="h-3.5 w-3/5" />
        </div>
      ))}
    </div>
  );
}
