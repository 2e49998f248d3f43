import type { ReactNode } from 'react';
import { UptimeBars } from '../charts/uptime-bars.tsx';
import { uptimeDays } from '../charts/uptime-days.ts';
import { Card } from './card.tsx';
import type { View } from './view.ts';

export function UptimeCard({ state, words, writing, nowMs, staleMs }: View): ReactNode {
  const { days, overall, known } = uptimeDays(state, nowMs, staleMs);
  const all = overall === undefined ? words.none : writing.percent(overall);
  return (
    <Card id="uptime" title={words.uptime.title} note={words.uptime.overall(all)} wide>
      <UptimeBars
        days={days}
        label={words.uptime.summary(all, known)}
        describe={({ date, percent }) =>
          percent === undefined
            ? words.uptime.unknown(writing.day(date))
            : words.uptime.day(writing.day(date), writing.percent(percent))
        }
      />
      <p className="ends">
        <span className="roomy">{words.uptime.days(days.length)}</span>
        <span className="narrow">{words.uptime.days(days.length / 2)}</span>
        <span>{words.uptime.today}</span>
      </p>
    </Card>
  );
}
