import type { HarnessSummary } from '@mini-claude-bot/contract';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { Bar } from '../../ui/bar.tsx';
import { cx } from '../../ui/cx.ts';

type Counts = Pick<HarnessSummary, 'total' | 'done' | 'in_progress' | 'blocked' | 'pending'>;

const partsOf = ({ done, in_progress, blocked }: Counts) =>
  [
    { key: 'done', value: done, tone: 'good' },
    { key: 'in progress', value: in_progress, tone: 'accent' },
    { key: 'blocked', value: blocked, tone: 'warn' },
  ] as const;

/** How far a harness is, in one bar. */
export function HarnessBar({ counts, thin = false }: { counts: Counts; thin?: boolean }) {
  const words = useWords(taskWords);
  const { done, total, in_progress, blocked } = counts;
  return (
    <Bar
      thin={thin}
      label={words.progress(done, total, in_progress, blocked)}
      parts={partsOf(counts)}
      total={total}
    />
  );
}

/** The same, phase by phase. */
export function HarnessPhases({ harness }: { harness: HarnessSummary }) {
  const words = useWords(taskWords);
  return (
    <ul className="flex flex-col gap-3">
      {Object.entries(harness.phases).map(([name, counts]) => {
        const isCurrent = name === harness.current_phase;
        return (
          <li key={name} className="flex flex-col gap-1.5">
            <span className="flex items-baseline gap-2 text-sm">
              <bdi className={cx('min-w-0 truncate', isCurrent && 'font-semibold')}>{name}</bdi>
              {isCurrent && <span className="text-accent text-xs">{words.currentPhase}</span>}
              <span className="ml-auto shrink-0 text-soft text-xs tabular-nums">
                {counts.blocked > 0 && (
                  <span className="mr-2 text-warn">{words.blockedCount(counts.blocked)}</span>
                )}
                {counts.done} / {counts.total}
              </span>
            </span>
            <HarnessBar counts={counts} thin />
          </li>
        );
      })}
    </ul>
  );
}
