import type { ReactNode } from 'react';
import { Calendar } from '../charts/calendar.tsx';
import { DayBars } from '../charts/day-bars.tsx';
import { Card, Figures } from './card.tsx';
import type { View } from './view.ts';

const dayMs = 86_400_000;
const chartDays = 30;

export function ActivityCard({ state, words, writing, nowMs }: View): ReactNode {
  const { activity: say, none } = words;
  const activity = state.metrics.claude_usage.daily_activity;
  const values = new Map(activity.map(({ date, messages }) => [date, messages]));
  const today = newestDay([...values.keys()], nowMs);
  const describe = (date: string, value: number): string =>
    say.day(writing.day(date), writing.count(value));
  const recent = Array.from({ length: chartDays }, (_, n) => {
    const date = dateOf(Date.parse(today) - (chartDays - 1 - n) * dayMs);
    return { date, value: values.get(date) ?? 0 };
  });
  const most = recent.reduce((best, day) => (day.value > best.value ? day : best));
  const total = recent.reduce((sum, { value }) => sum + value, 0);
  const all = [...values.values()].reduce((sum, value) => sum + value, 0);
  const busiest = activity.reduce<(typeof activity)[number] | undefined>(
    (best, day) => (best === undefined || day.messages > best.messages ? day : best),
    undefined,
  );
  return (
    <Card id="activity" title={say.title} wide>
      {activity.length === 0 && <p className="note">{say.none}</p>}
      <Figures
        of={[
          [say.activeDays, writing.count(values.size)],
          [say.streak, writing.count(streak(values, today))],
          [say.busiest, busiest === undefined ? none : writing.day(busiest.date)],
        ]}
      />
      <h3>{say.chart}</h3>
      <DayBars
        days={recent}
        label={say.chartSummary(
          writing.count(total),
          writing.count(most.value),
          writing.day(most.date),
        )}
        describe={describe}
      />
      <p className="ends">
        <span>{writing.day(recent[0]?.date ?? today)}</span>
        <span>{writing.day(today)}</span>
      </p>
      <h3>{say.calendar}</h3>
      {/* The newest week is what is seen where there is no room for all. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys. */}
      <section className="scroll" tabIndex={0} aria-label={say.calendar}>
        <Calendar
          values={values}
          today={today}
          label={say.calendarSummary(values.size, writing.count(all))}
          describe={describe}
          writing={writing}
        />
      </section>
      <p className="legend">
        {say.less}
        <svg viewBox="0 0 68 11" width={68} height={11} aria-hidden="true">
          {[0, 1, 2, 3, 4].map((level) => (
            <rect
              key={level}
              className={`level-${level}`}
              x={level * 14}
              width={11}
              height={11}
              rx={3}
            />
          ))}
        </svg>
        {say.more}
      </p>
    </Card>
  );
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Today; where the owner is ahead of UTC, perhaps their today. */
function newestDay(dates: readonly string[], nowMs: number): string {
  const tomorrow = dateOf(nowMs + dayMs);
  return dates.includes(tomorrow) ? tomorrow : dateOf(nowMs);
}

/** Days in a row with something, up to today or yesterday. */
function streak(values: ReadonlyMap<string, number>, today: string): number {
  const has = (ms: number): boolean => (values.get(dateOf(ms)) ?? 0) > 0;
  let at = Date.parse(today);
  if (!has(at)) at -= dayMs;
  let days = 0;
  while (has(at - days * dayMs)) days += 1;
  return days;
}
