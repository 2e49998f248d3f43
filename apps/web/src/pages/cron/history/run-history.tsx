import type { CronJob } from '@mini-claude-bot/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { historyQuery } from '../cron-queries.ts';
import type { HistoryFilter } from '../routes.ts';
import { OpenRun } from '../run/open-run.tsx';
import { RunChart } from './run-chart.tsx';
import { passes } from './run-kinds.ts';
import { RunRow } from './run-row.tsx';

/** A kind that is rare is looked for until so many have been found. */
const enough = 15;

/** How a job went: a chart, and each run with what it wrote. */
export function RunHistory({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const { run: chosen, show } = useSearch({ from: '/cron/$job' });
  const navigate = useNavigate({ from: '/cron/$job' });
  const history = useInfiniteQuery(historyQuery(useGateway(), job.id));
  const runs = history.data?.pages.flat();
  const shown = runs?.filter((run) => passes(run, show));
  const { hasNextPage, isFetching, isError, fetchNextPage } = history;
  const wantsMore = show !== undefined && hasNextPage && (shown?.length ?? 0) < enough;
  useEffect(() => {
    if (wantsMore && !isFetching && !isError) void fetchNextPage();
  }, [wantsMore, isFetching, isError, fetchNextPage]);
  const choose = (run: number | undefined): void =>
    void navigate({ search: (before) => ({ ...before, run }), replace: true });
  const isElsewhere =
    chosen !== undefined && shown !== undefined && !shown.some((one) => one.id === chosen);
  return (
    <section aria-label={words.history.title} className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <h3 className="flex-1 font-semibold text-lg">{words.history.title}</h3>
        {runs !== undefined && runs.length > 0 && (
          <Filter
            show={show}
            onChoose={(wanted) =>
              void navigate({ search: (before) => ({ ...before, show: wanted }), replace: true })
            }
          />
        )}
      </div>
      {history.isPending && <HistorySkeleton />}
      {isError && <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />}
      {runs?.length === 0 && <p className="text-soft text-sm">{words.history.none}</p>}
      {runs !== undefined && runs.length > 1 && (
        <RunChart runs={runs} chosen={chosen} onChoose={choose} />
      )}
      {isElsewhere && <OpenRun job={job} runId={chosen} onClose={() => choose(undefined)} />}
      {shown !== undefined && shown.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {shown.map((run) => (
            <li key={run.id}>
              <RunRow
                job={job}
                run={run}
                isOpen={run.id === chosen}
                onToggle={() => choose(run.id === chosen ? undefined : run.id)}
              />
            </li>
          ))}
        </ul>
      )}
      {runs !== undefined && runs.length > 0 && shown?.length === 0 && !wantsMore && (
        <p className="text-soft text-sm">{words.history.noneOfThese}</p>
      )}
      {hasNextPage && (
        <div className="flex justify-center">
          <Button small pending={history.isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {words.history.older}
          </Button>
        </div>
      )}
    </section>
  );
}

function Filter({
  show,
  onChoose,
}: {
  show: HistoryFilter | undefined;
  onChoose: (show: HistoryFilter | undefined) => void;
}) {
  const { history } = useWords(cronWords);
  return (
    <Select
      aria-label={history.filter}
      className="!h-8 !w-auto !text-xs"
      value={show ?? 'all'}
      choices={[
        { value: 'all', label: history.all },
        { value: 'failed', label: history.failed },
        { value: 'succeeded', label: history.succeeded },
        { value: 'manual', label: history.manual },
        { value: 'left', label: history.left },
      ]}
      onChoose={(value) => onChoose(value === 'all' ? undefined : value)}
    />
  );
}

function HistorySkeleton() {
  const words = useWords(cronWords);
  return (
    <div role="status" aria-label={words.history.title} className="flex flex-col gap-2">
      <Skeleton className="h-32 rounded-lg" />
      <Skeleton className="h-12 rounded-lg" />
      <Skeleton className="h-12 rounded-lg" />
    </div>
  );
}
