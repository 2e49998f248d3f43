import type { AuditEntry } from '@mini-claude-bot/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ScrollText } from 'lucide-react';
import { useGateway } from '../../api/gateway.tsx';
import { useFormat } from '../../i18n/format.ts';
import { systemWords } from '../../i18n/system.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { AuditOutcome } from './audit-outcome.tsx';
import { SystemFrame } from './system-frame.tsx';
import { auditPagesQuery, botsQuery } from './system-queries.ts';

const kinds = ['runs', 'deletes', 'changes access'] as const;

/** Who ran commands, deleted, or changed access, and what came of it. */
export function AuditPage() {
  const words = useWords(systemWords);
  const client = useGateway();
  const { bot, kind } = useSearch({ from: '/system/audit' });
  const navigate = useNavigate({ from: '/system/audit' });
  const bots = useQuery(botsQuery(client)).data ?? [];
  const pages = useInfiniteQuery(auditPagesQuery(client, { bot, kind }));
  const all = pages.data?.pages.flat() ?? [];
  const isFiltered = bot !== undefined || kind !== undefined;
  const isEmpty = pages.isSuccess && all.length === 0;
  const known = new Set([...bots.map(({ bot_id }) => bot_id), ...(bot === undefined ? [] : [bot])]);
  return (
    <SystemFrame>
      <p className="text-sm text-soft">{words.auditHint}</p>
      <div className="flex flex-wrap gap-2">
        <Select
          aria-label={words.kind}
          className="!w-auto"
          value={kind ?? ''}
          choices={[
            { value: '' as const, label: words.anyKind },
            ...kinds.map((value) => ({ value, label: words.kinds[value] })),
          ]}
          onChoose={(chosen) =>
            void navigate({
              search: (now) => ({ ...now, kind: chosen === '' ? undefined : chosen }),
              replace: true,
            })
          }
        />
        {known.size > 0 && (
          <Select
            aria-label={words.bot}
            className="!w-auto max-w-full"
            value={bot ?? ''}
            choices={[
              { value: '', label: words.anyBot },
              ...[...known].map((value) => ({ value, label: value })),
            ]}
            onChoose={(chosen) =>
              void navigate({
                search: (now) => ({ ...now, bot: chosen === '' ? undefined : chosen }),
                replace: true,
              })
            }
          />
        )}
      </div>
      {pages.isPending && (
        <div role="status" aria-label={words.audit} className="flex flex-col gap-2">
          {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
            <Skeleton key={key} className="h-14 rounded-lg" />
          ))}
        </div>
      )}
      {pages.isError && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {isEmpty &&
        (isFiltered ? (
          <p className="py-10 text-center text-soft text-sm">{words.noneFound}</p>
        ) : (
          <EmptyState icon={ScrollText} title={words.noAudit.title}>
            {words.noAudit.body}
          </EmptyState>
        ))}
      {all.length > 0 && (
        <ol className="divide-y divide-line rounded-lg border border-line bg-surface shadow-lift">
          {all.map((entry) => (
            <li key={entry.id}>
              <Entry entry={entry} />
            </li>
          ))}
        </ol>
      )}
      {pages.hasNextPage && (
        <Button
          className="self-center"
          pending={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {words.older}
        </Button>
      )}
    </SystemFrame>
  );
}

/** What has a page of its own leads there. */
function Named({ name, value }: { name: string; value: string }) {
  const look = 'text-ink underline decoration-edge underline-offset-3 hover:decoration-current';
  if (name === 'task_id') {
    return (
      <Link to="/tasks/$task" params={{ task: value }} className={look}>
        {value}
      </Link>
    );
  }
  if (name === 'delivery_id') {
    return (
      <Link to="/tasks/deliveries/$delivery" params={{ delivery: value }} className={look}>
        {value}
      </Link>
    );
  }
  return <bdi className="text-ink">{value}</bdi>;
}

const tones: Readonly<Record<AuditEntry['kind'], Tone>> = {
  runs: 'plain',
  deletes: 'warn',
  'changes access': 'accent',
};

function Entry({ entry }: { entry: AuditEntry }) {
  const words = useWords(systemWords);
  const format = useFormat();
  const atMs = entry.at * 1000;
  const about = Object.entries(entry.about);
  return (
    <div className="flex flex-col gap-1 px-4 py-2.5 text-sm md:flex-row md:items-baseline md:gap-4">
      <time
        dateTime={new Date(atMs).toISOString()}
        title={format.full(atMs)}
        className="shrink-0 text-soft text-xs tabular-nums md:w-28"
      >
        {format.zoned(atMs)}
      </time>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-medium font-mono [overflow-wrap:anywhere]">{entry.operation}</code>
          <Badge tone={tones[entry.kind]}>{words.kinds[entry.kind]}</Badge>
        </p>
        {(entry.bot_id !== null || about.length > 0) && (
          <p className="flex flex-wrap gap-x-3 text-soft text-xs">
            {entry.bot_id !== null && (
              <span className="[overflow-wrap:anywhere]">
                bot_id <bdi className="text-ink">{entry.bot_id}</bdi>
              </span>
            )}
            {about
              .filter(([name, value]) => name !== 'bot_id' && value !== '')
              .map(([name, value]) => (
                <span key={name} className="[overflow-wrap:anywhere]">
                  {name} <Named name={name} value={value} />
                </span>
              ))}
          </p>
        )}
      </div>
      <p className="min-w-0 text-soft text-xs md:w-44 md:text-right">
        <span className="[overflow-wrap:anywhere]">
          <bdi>{entry.caller}</bdi>
        </span>
        {entry.address !== null && (
          <span className="tabular-nums max-md:ml-2 md:block">{entry.address}</span>
        )}
      </p>
      <p className="md:w-28 md:text-right">
        <AuditOutcome outcome={entry.outcome} />
      </p>
    </div>
  );
}
