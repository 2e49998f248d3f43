import { searchWords } from '../../i18n/search.ts';
import { useWords } from '../../settings/settings.tsx';
import { Select } from '../../ui/field.tsx';

export type Period = 'any' | 'day' | 'week' | 'month' | 'year';
export type Role = 'any' | 'user' | 'assistant';

/** What hits are confined to. */
export interface Filters {
  /** Empty: any. */
  readonly bot: string;
  readonly role: Role;
  readonly period: Period;
}

export const noFilters: Filters = { bot: '', role: 'any', period: 'any' };

const days = { day: 1, week: 7, month: 31, year: 366 } as const;

/** The moment from which on a period is, to the minute: so that the same search is known as such. */
export function sinceOf(period: Period, nowMs: number): string | undefined {
  if (period === 'any') return undefined;
  const minute = 60_000;
  const from = nowMs - days[period] * 24 * 60 * minute;
  return new Date(Math.floor(from / minute) * minute).toISOString();
}

export interface SearchFiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
  readonly bots: readonly string[];
}

export function SearchFilters({ filters, onChange, bots }: SearchFiltersProps) {
  const words = useWords(searchWords);
  const { periods, roles } = words;
  const small = '!h-7 !w-auto !px-2 !text-xs';
  return (
    <div className="flex flex-wrap gap-1.5 border-line border-b px-3 py-2">
      {bots.length > 1 && (
        <Select
          aria-label={words.bot}
          className={small}
          value={filters.bot}
          choices={[
            { value: '', label: words.anyBot },
            ...bots.map((bot) => ({ value: bot, label: bot })),
          ]}
          onChoose={(bot) => onChange({ ...filters, bot })}
        />
      )}
      <Select
        aria-label={words.role}
        className={small}
        value={filters.role}
        choices={[
          { value: 'any', label: words.anyRole },
          { value: 'user', label: roles.user },
          { value: 'assistant', label: roles.assistant },
        ]}
        onChoose={(role) => onChange({ ...filters, role })}
      />
      <Select
        aria-label={words.since}
        className={small}
        value={filters.period}
        choices={[
          { value: 'any', label: words.any },
          { value: 'day', label: periods.day },
          { value: 'week', label: periods.week },
          { value: 'month', label: periods.month },
          { value: 'year', label: periods.year },
        ]}
        onChoose={(period) => onChange({ ...filters, period })}
      />
    </div>
  );
}
