import { GatewayError } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LockKeyhole, MessagesSquare } from 'lucide-react';
import { useGateway } from '../../api/gateway.tsx';
import { PageFrame } from '../../app/page-frame.tsx';
import { overviewWords } from '../../i18n/overview.ts';
import { useWords } from '../../settings/settings.tsx';
import { Later } from '../../ui/later.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { AttentionList } from './attention-list.tsx';
import { GatewayLine } from './gateway-line.tsx';
import { MachineFigures } from './machine-figures.tsx';
import { figuresMs, metricsQuery, overviewQuery, unknownMs } from './overview-queries.ts';
import { ProcessPanel } from './process-panel.tsx';
import { UsagePanel } from './usage/usage-panel.tsx';

/** What needs attention first; then how the machine is, what Claude took, and which processes live. */
export function OverviewPage() {
  const words = useWords(overviewWords);
  const client = useGateway();
  const overview = useQuery({
    ...overviewQuery(client),
    refetchInterval: ({ state }) => (state.data?.claude === 'unknown' ? unknownMs : figuresMs),
  });
  const metrics = useQuery(metricsQuery(client));
  if (overview.error instanceof GatewayError && overview.error.code === 'forbidden') {
    return <OwnersOnly />;
  }
  // How much needs attention nobody knows before, and what stands below would move: from above to below, then.
  const isBegun = overview.data !== undefined || overview.isError;
  return (
    <PageFrame title={words.title}>
      {overview.data !== undefined ? (
        <>
          <GatewayLine overview={overview.data} />
          <AttentionList attention={overview.data.attention} />
        </>
      ) : overview.isError ? (
        <ErrorNotice error={overview.error} onRetry={() => void overview.refetch()} />
      ) : (
        <>
          <Skeleton className="h-5 w-72 max-w-full" />
          <Skeleton className="h-[4.5rem]" />
        </>
      )}
      {!isBegun ? null : metrics.data !== undefined ? (
        <Later instead={<FiguresSkeleton />}>
          <MachineFigures system={metrics.data.system} overview={overview.data} />
          {metrics.data.claude_usage.total_requests === 0 &&
          metrics.data.chat.message_count === 0 ? (
            <FirstSteps />
          ) : (
            <UsagePanel usage={metrics.data.claude_usage} />
          )}
          <ProcessPanel />
        </Later>
      ) : metrics.isError ? (
        <>
          <ErrorNotice error={metrics.error} onRetry={() => void metrics.refetch()} />
          <ProcessPanel />
        </>
      ) : (
        <FiguresSkeleton />
      )}
    </PageFrame>
  );
}

function FiguresSkeleton() {
  const words = useWords(overviewWords);
  return (
    <div role="status" aria-label={words.loading} className="flex flex-col gap-5">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {['a', 'b', 'c', 'd'].map((key) => (
          <Skeleton key={key} className="h-[6.75rem] rounded-lg" />
        ))}
      </div>
      <Skeleton className="h-[25rem] rounded-lg" />
    </div>
  );
}

/** Nothing was ever said here: what to do first. */
function FirstSteps() {
  const words = useWords(overviewWords);
  return (
    <div className="rounded-lg border border-line bg-surface">
      <EmptyState
        icon={MessagesSquare}
        title={words.first.title}
        action={
          <Link
            to="/chats"
            className="inline-flex h-9 items-center rounded-md bg-accent px-3.5 font-medium text-on-accent text-sm shadow-lift hover:bg-accent-strong"
          >
            {words.first.action}
          </Link>
        }
      >
        {words.first.body}
      </EmptyState>
    </div>
  );
}

function OwnersOnly() {
  const words = useWords(overviewWords);
  return (
    <PageFrame title={words.title}>
      <EmptyState
        icon={LockKeyhole}
        title={words.ownersOnly.title}
        action={
          <Link
            to="/chats"
            className="font-medium text-accent text-sm underline underline-offset-4"
          >
            {words.ownersOnly.action}
          </Link>
        }
      >
        {words.ownersOnly.body}
      </EmptyState>
    </PageFrame>
  );
}
