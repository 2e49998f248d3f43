import { useId, useState } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import { overviewWords } from '../../../i18n/overview.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { modelTone } from './model-tone.ts';
import { type Measure, shortModel, type UsageDay } from './usage-days.ts';

export interface UsageChartProps {
  readonly days: readonly UsageDay[];
  readonly measure: Measure;
  readonly models: readonly string[];
}

/** A column for each day. What a day is made of stands above, of the one that is pointed at, or of the last. */
export function UsageChart({ days, measure, models }: UsageChartProps) {
  const words = useWords(overviewWords);
  const format = useFormat();
  const id = useId();
  const [pointed, setPointed] = useState<number>();
  const shown = days[pointed ?? days.length - 1];
  const top = Math.max(...days.map(({ total }) => total));
  const say = (value: number): string =>
    measure === 'cost' ? format.cost(value) : format.compact(value);
  const dayName = (date: string): string => format.day(Date.parse(`${date}T12:00:00`));
  const move = (step: number): void =>
    setPointed((now) => Math.min(days.length - 1, Math.max(0, (now ?? days.length - 1) + step)));
  return (
    <div className="flex flex-col gap-2">
      <p
        id={id}
        aria-live="polite"
        className="flex min-h-5 flex-wrap items-baseline gap-x-3 text-sm"
      >
        {shown !== undefined && (
          <>
            <span className="text-soft">{dayName(shown.date)}</span>
            <span className="font-semibold tabular-nums">
              {words.measured[measure](say(shown.total))}
            </span>
            {measure === 'tokens' &&
              shown.parts.map(({ model, value }) => (
                <span
                  key={model ?? ''}
                  className="inline-flex items-center gap-1.5 text-soft text-xs tabular-nums"
                >
                  <span
                    aria-hidden
                    className={cx('size-2 rounded-full', modelTone(model, models))}
                  />
                  {model === undefined ? words.otherModels : shortModel(model)} {say(value)}
                </span>
              ))}
          </>
        )}
      </p>
      {/* One stop for the keyboard, not thirty: the arrows go from day to day. */}
      <div
        role="slider"
        tabIndex={0}
        aria-label={words.chart(words.measures[measure])}
        aria-valuemin={0}
        aria-valuemax={days.length - 1}
        aria-valuenow={pointed ?? days.length - 1}
        aria-valuetext={
          shown === undefined
            ? undefined
            : `${dayName(shown.date)}: ${words.measured[measure](say(shown.total))}`
        }
        onKeyDown={(event) => {
          const step = { ArrowLeft: -1, ArrowRight: 1, Home: -days.length, End: days.length }[
            event.key
          ];
          if (step === undefined) return;
          event.preventDefault();
          move(step);
        }}
        onPointerLeave={() => setPointed(undefined)}
        className="relative flex h-40 items-stretch rounded-sm"
      >
        {top > 0 && (
          <span
            aria-hidden
            className="absolute -top-0.5 right-0 z-10 bg-surface/80 px-1 text-soft text-xs tabular-nums"
          >
            {say(top)}
          </span>
        )}
        {days.map((day, index) => (
          <div
            key={day.date}
            onPointerEnter={() => setPointed(index)}
            className={cx(
              'flex min-w-0 flex-1 flex-col-reverse gap-px rounded-sm px-px pt-4 sm:px-1',
              pointed === index && 'bg-hover',
            )}
          >
            {top > 0 && day.total > 0 ? (
              day.parts.map(({ model, value }, place) => (
                <span
                  key={model ?? ''}
                  className={cx(
                    'min-h-0.5 w-full',
                    place === day.parts.length - 1 && 'rounded-t-[3px]',
                    measure === 'tokens' ? modelTone(model, models) : 'bg-accent',
                  )}
                  style={{ height: `${(value / top) * 100}%` }}
                />
              ))
            ) : (
              <span className="h-0.5 w-full bg-line" />
            )}
          </div>
        ))}
      </div>
      <div aria-hidden className="flex justify-between text-soft text-xs tabular-nums">
        <span>{dayName(days[0]?.date ?? '')}</span>
        <span>{dayName(days[Math.floor(days.length / 2)]?.date ?? '')}</span>
        <span>{words.today}</span>
      </div>
    </div>
  );
}
