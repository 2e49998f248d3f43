import type { ClaudeUsage, DailyActivity } from '@mini-claude-bot/contract';

export type Measure = 'tokens' | 'cost' | 'requests';

/** A part of a day: what one model took; `undefined` where it is not known by model. */
export interface DayPart {
  readonly model: string | undefined;
  readonly value: number;
}

export interface UsageDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly total: number;
  readonly parts: readonly DayPart[];
  readonly activity: DailyActivity | undefined;
}

/** Models that get a tone of their own; all others share the last one. */
const mostShown = 3;

type Tokens = DailyActivity['tokens'][string];

export const tokensOf = (tokens: Tokens): number =>
  tokens.input_tokens +
  tokens.output_tokens +
  tokens.cache_read_tokens +
  tokens.cache_creation_tokens;

/** The models with the most tokens, in that order. */
export const largestModels = (usage: Pick<ClaudeUsage, 'model_usage'>): string[] =>
  Object.entries(usage.model_usage)
    .toSorted(([, a], [, b]) => tokensOf(b) - tokensOf(a))
    .slice(0, mostShown)
    .map(([model]) => model);

const dayMs = 24 * 3_600_000;

/**
 * The last days up to `today`, also those on which nothing was done.
 * @param today YYYY-MM-DD
 * @param models those that are told apart
 */
export function usageDays(
  activity: readonly DailyActivity[],
  today: string,
  count: number,
  measure: Measure,
  models: readonly string[],
): UsageDay[] {
  const byDate = new Map(activity.map((day) => [day.date, day]));
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(last - (count - 1 - index) * dayMs).toISOString().slice(0, 10);
    const day = byDate.get(date);
    const parts = day === undefined ? [] : partsOf(day, measure, models);
    return { date, total: parts.reduce((sum, { value }) => sum + value, 0), parts, activity: day };
  });
}

function partsOf(day: DailyActivity, measure: Measure, models: readonly string[]): DayPart[] {
  if (measure === 'cost') return [{ model: undefined, value: day.cost_usd }];
  if (measure === 'requests') return [{ model: undefined, value: day.requests }];
  const shown = models.map((model) => {
    const tokens = day.tokens[model];
    return { model, value: tokens === undefined ? 0 : tokensOf(tokens) };
  });
  const others = Object.entries(day.tokens)
    .filter(([model]) => !models.includes(model))
    .reduce((sum, [, tokens]) => sum + tokensOf(tokens), 0);
  return [...shown, { model: undefined, value: others }].filter(({ value }) => value > 0);
}

/** `claude-opus-4-5-20251101` → `opus-4-5`. */
export const shortModel = (model: string): string =>
  model.replace(/^claude-/, '').replace(/-\d{8}$/, '');
