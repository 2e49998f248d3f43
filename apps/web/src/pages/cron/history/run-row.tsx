import type { CronJob, CronRun } from '@mini-claude-bot/contract';
import {
  ChevronRight,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { cronWords } from '../../../i18n/cron.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { inOneLine } from '../in-one-line.ts';
import { RunDetail } from '../run/run-detail.tsx';
import { kindOf, type RunKind } from './run-kinds.ts';

const looks: Readonly<Record<RunKind, readonly [LucideIcon, string]>> = {
  going: [CircleDot, 'text-accent animate-breathe'],
  succeeded: [CircleCheck, 'text-good'],
  failed: [CircleAlert, 'text-danger'],
  left: [CircleDashed, 'text-soft'],
};

export interface RunRowProps {
  readonly job: CronJob;
  readonly run: CronRun;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** One run in a line; what it wrote when it is opened. */
export function RunRow({ job, run, isOpen, onToggle }: RunRowProps) {
  const words = useWords(cronWords);
  const format = useFormat();
  const bodyId = useId();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  const [Icon, colour] = looks[kindOf(run)];
  const at = Date.parse(run.started_at);
  return (
    <div ref={row}>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={bodyId}
        onClick={onToggle}
        className="flex w-full items-center gap-3 rounded-lg px-4 py-2.5 text-left text-sm transition-colors hover:bg-hover"
      >
        <Icon className={cx('size-4 shrink-0', colour)} aria-hidden />
        <span className="flex min-w-0 flex-1 flex-col gap-x-3 sm:flex-row sm:items-baseline">
          <span className="shrink-0 font-medium sm:w-24">{words.run.states[run.state]}</span>
          <bdi className="min-w-0 flex-1 truncate text-soft text-xs">
            {inOneLine(run.why ?? run.result ?? '', job.job_type === 'claude')}
          </bdi>
        </span>
        <span className="flex shrink-0 flex-col items-end gap-x-3 text-soft text-xs tabular-nums sm:flex-row sm:items-baseline">
          {run.duration_seconds !== null && (
            <span>{format.duration(run.duration_seconds * 1000)}</span>
          )}
          <time
            dateTime={run.started_at}
            title={format.full(at)}
            className="text-right sm:min-w-28"
          >
            {format.zoned(at)}
          </time>
        </span>
        <ChevronRight
          className={cx(
            'size-4 shrink-0 text-soft transition-transform duration-100',
            isOpen && 'rotate-90',
          )}
          aria-hidden
        />
      </button>
      <div id={bodyId}>{isOpen && <RunDetail job={job} run={run} />}</div>
    </div>
  );
}
