import type { OutputOf, operations } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useGateway } from '../../api/gateway.tsx';
import { useFormat } from '../../i18n/format.ts';
import { systemWords } from '../../i18n/system.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge, Dot } from '../../ui/badge.tsx';
import { Bar } from '../../ui/bar.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { SystemFrame } from './system-frame.tsx';
import { searchStatusQuery } from './system-queries.ts';

type Status = OutputOf<typeof operations.searchStatus>;

/** How searches are done at present, and what waits to be found. */
export function SearchPage() {
  const words = useWords(systemWords);
  const status = useQuery(searchStatusQuery(useGateway()));
  return (
    <SystemFrame>
      {status.isPending && (
        <div role="status" aria-label={words.search} className="flex flex-col gap-5">
          <Skeleton className="h-36 rounded-lg" />
          <Skeleton className="h-28 rounded-lg" />
        </div>
      )}
      {status.isError && status.data === undefined && (
        <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.data !== undefined && (
        <>
          <Embeddings status={status.data} />
          <div className="grid gap-5 md:grid-cols-2">
            <Index
              name={words.messages}
              counts={status.data.chat}
              byMeaning={status.data.embeddings.state !== 'off'}
            />
            <Index
              name={words.memories}
              counts={status.data.memory}
              byMeaning={status.data.embeddings.state !== 'off'}
            />
          </div>
        </>
      )}
    </SystemFrame>
  );
}

const dots = {
  off: 'off',
  unsupported: 'warn',
  unknown: 'off',
  ready: 'good',
  unreachable: 'danger',
  model_missing: 'danger',
  refused: 'danger',
} as const;

function Embeddings({ status: { mode, embeddings } }: { status: Status }) {
  const words = useWords(systemWords);
  const format = useFormat();
  const { provider, model, state, detail, fix, next_try_seconds, serving_model, dimensions } =
    embeddings;
  return (
    <Panel
      title={words.mode[mode]}
      aside={
        <Badge>
          <Dot tone={dots[state]} />
          {words.embeddings[state]}
        </Badge>
      }
    >
      <p className="text-sm text-soft">{words.modeHint[mode]}</p>
      {detail !== null && (
        <div className="rounded-md bg-warn-wash px-3 py-2 text-sm [overflow-wrap:anywhere]">
          <p className="font-medium">
            <bdi>{detail}</bdi>
          </p>
          {fix !== null && (
            <p className="text-soft">
              <bdi>{fix}</bdi>
            </p>
          )}
          {next_try_seconds !== null && (
            <p className="text-soft">{words.nextTry(format.duration(next_try_seconds * 1000))}</p>
          )}
        </div>
      )}
      {provider !== 'none' && (
        <dl className="grid grid-cols-2 gap-3 text-sm sm:grid-cols-4">
          <Fact name={words.provider} value={provider} />
          <Fact name={words.model} value={model ?? '–'} />
          <Fact name={words.serving} value={serving_model ?? '–'} />
          <Fact
            name={words.dimensions}
            value={dimensions === null ? '–' : format.number(dimensions)}
          />
        </dl>
      )}
      {state === 'off' && <p className="text-soft text-xs">{words.turnOn}</p>}
    </Panel>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div className="min-w-0">
    <dt className="text-soft text-xs">{name}</dt>
    <dd className="font-medium [overflow-wrap:anywhere]">
      <bdi>{value}</bdi>
    </dd>
  </div>
);

interface IndexProps {
  readonly name: string;
  readonly counts: Status['chat'];
  /** Vectors are wanted. */
  readonly byMeaning: boolean;
}

/** How many rows there are, and how many of them can be found already. */
function Index({ name, counts, byMeaning }: IndexProps) {
  const words = useWords(systemWords);
  const format = useFormat();
  const { rows, waiting, passages, unembedded } = counts;
  return (
    <Panel
      title={name}
      aside={
        <span className="text-soft text-xs tabular-nums">{words.rows(format.number(rows))}</span>
      }
    >
      <Progress
        name={words.byWords}
        done={rows - waiting}
        total={rows}
        left={waiting === 0 ? words.complete : words.rowsWait(format.number(waiting))}
      />
      {byMeaning && (
        <Progress
          name={words.byMeaning}
          done={passages - unembedded}
          total={passages}
          left={unembedded === 0 ? words.complete : words.passagesWait(format.number(unembedded))}
        />
      )}
    </Panel>
  );
}

interface ProgressProps {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly left: string;
}

function Progress({ name, done, total, left }: ProgressProps) {
  const isDone = done >= total;
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className="flex items-baseline justify-between gap-3">
        <span>{name}</span>
        <span className="text-soft text-xs tabular-nums">{left}</span>
      </p>
      <Bar
        label={`${name}: ${left}`}
        parts={[{ key: 'done', value: total === 0 ? 1 : done, tone: isDone ? 'good' : 'accent' }]}
        total={Math.max(1, total)}
        thin
      />
    </div>
  );
}
