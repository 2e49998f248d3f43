import type { OutputOf, operations } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useGateway } from '../../api/gateway.tsx';
import { useFormat } from '../../i18n/format.ts';
import { overviewWords } from '../../i18n/overview.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge, Dot, type Tone } from '../../ui/badge.tsx';
import { Fold } from '../../ui/fold.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { processesQuery } from './overview-queries.ts';

type Processes = OutputOf<typeof operations.listProcesses>;
type Process = Processes['processes'][number];
type Closed = Processes['closed'][number];

/** Which Claude processes live, what they hold, and why others were closed. */
export function ProcessPanel() {
  const words = useWords(overviewWords);
  const format = useFormat();
  const processes = useQuery(processesQuery(useGateway()));
  const { data } = processes;
  const held = data?.processes.reduce((sum, { memory_bytes }) => sum + memory_bytes, 0) ?? 0;
  return (
    <Panel
      title={words.pool}
      aside={
        data !== undefined &&
        data.processes.length > 0 && (
          <span className="text-soft text-xs tabular-nums">
            {words.poolSum(data.processes.length, format.bytes(held))}
          </span>
        )
      }
    >
      {processes.isError && data === undefined && (
        <ErrorNotice error={processes.error} onRetry={() => void processes.refetch()} />
      )}
      {processes.isPending && <Skeleton className="h-24" />}
      {data !== undefined && (
        <>
          {data.processes.length === 0 ? (
            <p className="text-soft text-sm">{words.poolEmpty}</p>
          ) : (
            <Living processes={data.processes} />
          )}
          <p className="text-soft text-xs">{words.poolHint(data.max_idle)}</p>
          {data.closed.length > 0 && (
            <Fold summary={<span className="font-medium">{words.closed(data.closed.length)}</span>}>
              <ClosedList closed={data.closed} />
            </Fold>
          )}
        </>
      )}
    </Panel>
  );
}

function Living({ processes }: { processes: readonly Process[] }) {
  const words = useWords(overviewWords);
  const format = useFormat();
  const now = Date.now();
  const columns: readonly Column<Process>[] = [
    { key: 'chat', head: words.chat, cell: (row) => <ChatCell row={row} /> },
    {
      key: 'state',
      head: words.state,
      cell: ({ busy }) => (
        <span className="inline-flex items-center gap-2 whitespace-nowrap">
          <Dot tone={busy ? 'busy' : 'good'} />
          {busy ? words.busy : words.warm}
        </span>
      ),
    },
    {
      key: 'memory',
      head: words.memory,
      numeric: true,
      cell: ({ memory_bytes }) => format.bytes(memory_bytes),
    },
    {
      key: 'used',
      head: words.lastUsed,
      numeric: true,
      wide: true,
      cell: ({ last_used_at }) => format.relative(Math.min(now, last_used_at * 1000), now),
    },
    {
      key: 'age',
      head: words.age,
      numeric: true,
      wide: true,
      cell: ({ started_at }) => format.duration(Math.max(0, now - started_at * 1000)),
    },
    { key: 'pid', head: 'PID', numeric: true, wide: true, cell: ({ pid }) => pid ?? '–' },
  ];
  return (
    <Table
      caption={words.pool}
      columns={columns}
      rows={processes}
      keyOf={({ bot_id, chat_id, lane }) => JSON.stringify([bot_id, chat_id, lane])}
    />
  );
}

const whyTones: Partial<Record<Closed['why'], Tone>> = { memory: 'warn', died: 'danger' };

function ClosedList({ closed }: { closed: readonly Closed[] }) {
  const words = useWords(overviewWords);
  const format = useFormat();
  return (
    <ul className="flex flex-col gap-2">
      {closed.map((one) => (
        <li
          key={`${one.bot_id}/${one.chat_id}/${one.lane}/${one.closed_at}`}
          className="flex flex-wrap items-center gap-x-3 gap-y-1"
        >
          <time
            dateTime={new Date(one.closed_at * 1000).toISOString()}
            title={format.full(one.closed_at * 1000)}
            className="w-14 shrink-0 tabular-nums"
          >
            {format.moment(one.closed_at * 1000)}
          </time>
          <span className="min-w-0 text-ink">
            <ChatCell row={one} />
          </span>
          <Badge tone={whyTones[one.why] ?? 'plain'}>{words.why[one.why]}</Badge>
          <span className="tabular-nums">
            {words.livedFor(format.duration((one.closed_at - one.started_at) * 1000))}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What of its chat it works for; nothing is said of the conversation itself. */
function Lane({ lane }: { lane: string }) {
  const words = useWords(overviewWords);
  if (lane === 'main') return null;
  const project = /^bg:(.*)$/s.exec(lane)?.[1];
  return (
    <>
      {' · '}
      <bdi>{project === undefined ? lane : words.background(project)}</bdi>
    </>
  );
}

function ChatCell({ row }: { row: Pick<Process, 'bot_id' | 'chat_id' | 'lane'> }) {
  return (
    <span className="flex min-w-0 max-w-64 flex-col">
      <Link
        to="/chats/$bot/$chat"
        params={{ bot: row.bot_id, chat: row.chat_id }}
        className="truncate font-medium hover:underline"
      >
        <bdi>{row.chat_id}</bdi>
      </Link>
      <span className="truncate text-soft text-xs">
        <bdi>{row.bot_id}</bdi>
        <Lane lane={row.lane} />
      </span>
    </span>
  );
}
