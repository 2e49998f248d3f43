import type { CronJob } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useGateway } from '../../../api/gateway.tsx';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { runQuery } from '../cron-queries.ts';
import { RunRow } from '../history/run-row.tsx';

export interface OpenRunProps {
  readonly job: CronJob;
  readonly runId: number;
  readonly onClose: () => void;
}

/** The run of the address, where the list does not show it. */
export function OpenRun({ job, runId, onClose }: OpenRunProps) {
  const words = useWords(cronWords);
  const run = useQuery(runQuery(useGateway(), job.id, runId));
  if (run.isError && run.data === undefined) {
    return <ErrorNotice error={run.error} onRetry={() => void run.refetch()} />;
  }
  if (run.data === undefined) return <Skeleton className="h-24 rounded-lg" />;
  if (run.data === null) return <p className="text-soft text-sm">{words.run.gone}</p>;
  return (
    <div className="rounded-lg border border-line bg-surface">
      <RunRow job={job} run={run.data} isOpen onToggle={onClose} />
    </div>
  );
}
