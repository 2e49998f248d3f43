import type { CronRun } from '@mini-claude-bot/contract';
import { cronWords } from '../../../i18n/cron.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { kindOf, type RunKind } from './run-kinds.ts';

/** Bars that can be told apart on a phone. */
const most = 40;
/** In pixels. */
const height = 72;
const leastBar = 3;

const fills: Readonly<Record<RunKind, string>> = {
  going: 'fill-accent animate-breathe',
  succeeded: 'fill-accent',
  failed: 'fill-danger',
  left: 'fill-edge',
};

export interface RunChartProps {
  /** Newest first. */
  readonly runs: readonly CronRun[];
  readonly chosen: number | undefined;
  readonly onChoose: (run: number) => void;
}

/** How long the last runs took, and which of them failed: one bar each, the newest at the right. */
export function RunChart({ runs, chosen, onChoose }: RunChartProps) {
  const words = useWords(cronWords);
  const format = useFormat();
  const shown = runs.slice(0, most).toReversed();
  const took = shown.flatMap(({ duration_seconds }) => duration_seconds ?? []);
  const longest = Math.max(...took, 0);
  const failed = shown.filter((run) => kindOf(run) === 'failed').length;
  const summary = [
    words.chart.summary(shown.length, failed),
    ...(took.length === 0
      ? []
      : [
          words.chart.usual(format.duration(median(took) * 1000)),
          words.chart.longest(format.duration(longest * 1000)),
        ]),
  ].join(' · ');
  const step = 100 / most;
  const barOf = (run: CronRun): number =>
    Math.max(leastBar, longest === 0 ? 0 : ((run.duration_seconds ?? 0) / longest) * height);
  return (
    <figure className="flex flex-col gap-2 rounded-lg border border-line bg-surface px-4 pt-4 pb-3">
      <svg
        role="img"
        aria-label={`${words.chart.title}: ${summary}`}
        width="100%"
        height={height + 10}
        className="overflow-visible"
      >
        {[0, 0.5, 1].map((part) => (
          <line
            key={part}
            x1="0"
            x2="100%"
            y1={height * part}
            y2={height * part}
            className={part === 1 ? 'stroke-edge' : 'stroke-line'}
            strokeDasharray={part === 1 ? undefined : '2 4'}
          />
        ))}
        {shown.map((run, index) => {
          const x = 100 - (shown.length - index) * step;
          const bar = barOf(run);
          const kind = kindOf(run);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list below leads to the same runs by keyboard
            <g key={run.id} onClick={() => onChoose(run.id)} className="group cursor-pointer">
              <title>{tipOf(run, words, format)}</title>
              <rect x={`${x}%`} y="0" width={`${step}%`} height={height + 10} fill="transparent" />
              <rect
                x={`${x + step * 0.14}%`}
                y={height - bar}
                width={`${step * 0.72}%`}
                height={bar}
                rx="1.5"
                className={cx(
                  fills[kind],
                  'transition-opacity group-hover:opacity-100',
                  run.id === chosen ? 'opacity-100' : 'opacity-75',
                )}
              />
              {kind === 'failed' && (
                <circle cx={`${x + step / 2}%`} cy={height + 6} r="2" className="fill-danger" />
              )}
              {run.id === chosen && (
                <rect
                  x={`${x + step * 0.14}%`}
                  y={height + 1}
                  width={`${step * 0.72}%`}
                  height="2"
                  className="fill-ink"
                />
              )}
            </g>
          );
        })}
      </svg>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-soft text-xs tabular-nums">
        <span className="flex-1">{summary}</span>
        <Legend />
      </figcaption>
    </figure>
  );
}

function Legend() {
  const { legend } = useWords(cronWords).chart;
  const entries = [
    ['bg-accent', legend.succeeded],
    ['bg-danger', legend.failed],
    ['bg-edge', legend.left],
  ] as const;
  return entries.map(([colour, word]) => (
    <span key={word} className="inline-flex items-center gap-1.5">
      <span aria-hidden className={cx('size-2 rounded-[2px]', colour)} />
      {word}
    </span>
  ));
}

function tipOf(
  run: CronRun,
  words: ReturnType<typeof useWords<(typeof cronWords)['en']>>,
  format: ReturnType<typeof useFormat>,
): string {
  const took = run.duration_seconds === null ? [] : [format.duration(run.duration_seconds * 1000)];
  const at = format.full(Date.parse(run.started_at));
  return [words.run.states[run.state], ...took, at].join(' · ');
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
