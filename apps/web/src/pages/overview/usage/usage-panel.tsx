import type { ClaudeUsage } from '@mini-claude-bot/contract';
import { useMemo, useState } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import { overviewWords } from '../../../i18n/overview.ts';
import { useWords } from '../../../settings/settings.tsx';
import { ChoiceRow } from '../../../ui/choice-row.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ModelTable } from './model-table.tsx';
import { UsageChart } from './usage-chart.tsx';
import { largestModels, type Measure, usageDays } from './usage-days.ts';

const measures = ['tokens', 'cost', 'requests'] as const;
const shownDays = 30;

/** What Claude took, by day and by model, and what it cost. */
export function UsagePanel({ usage }: { usage: ClaudeUsage }) {
  const words = useWords(overviewWords);
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>('tokens');
  const models = useMemo(() => largestModels(usage), [usage]);
  const days = useMemo(
    () => usageDays(usage.daily_activity, dayOf(new Date()), shownDays, measure, models),
    [usage, measure, models],
  );
  const { cost } = usage;
  return (
    <Panel
      title={words.usage}
      aside={
        <ChoiceRow
          label={words.measure}
          value={measure}
          choices={measures.map((value) => ({ value, label: words.measures[value] }))}
          onChoose={setMeasure}
        />
      }
    >
      <UsageChart days={days} measure={measure} models={models} />
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 border-line border-t pt-3 text-sm sm:grid-cols-4">
        <Figure name={words.costTotal} value={format.cost(cost.total_usd)} />
        <Figure name={words.costOwn} value={format.cost(cost.own_usd)} />
        <Figure name={words.requests} value={format.number(usage.total_requests)} />
        <Figure
          name={words.context}
          value={words.contextValue(
            format.compact(usage.context_avg),
            format.compact(usage.context_max),
          )}
        />
      </dl>
      <ModelTable usage={usage} models={models} />
      {cost.unknown_models.length > 0 && (
        <p className="text-soft text-xs [overflow-wrap:anywhere]">
          {words.noPrice(cost.unknown_models.join(', '))}
        </p>
      )}
      {cost.price_fault !== null && (
        <p className="text-warn text-xs [overflow-wrap:anywhere]">
          {words.priceFault(cost.price_fault)}
        </p>
      )}
    </Panel>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div className="min-w-0">
    <dt className="truncate text-soft text-xs">{name}</dt>
    <dd className="truncate font-semibold tabular-nums">{value}</dd>
  </div>
);

/** As the reader's clock has it. @returns YYYY-MM-DD */
const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
