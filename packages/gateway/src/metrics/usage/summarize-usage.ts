import type { ClaudeUsage, DailyActivity, ModelUsage } from '@mini-claude-bot/contract';
import type { Database } from '../../db/database.ts';
import { type LoadedPrices, type Prices, priceOf, type Rates } from './prices.ts';
import { quarterMs } from './usage-repo.ts';

interface TotalRow {
  readonly session_id: string;
  readonly quarter: number;
  readonly model: string;
  readonly long: 0 | 1;
  readonly events: number;
  readonly input: number;
  readonly output: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly context_max: number;
  /** A conversation of this gateway's, whose turns have costs of their own. */
  readonly own: 0 | 1;
}

/** What the summary is made with. */
export interface SummaryOptions extends LoadedPrices {
  /** The owner's, as IANA names it. */
  readonly timeZone: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Day extends Writable<Omit<DailyActivity, 'sessions' | 'tokens'>> {
  readonly sessions: Set<string>;
  /** By model. */
  readonly tokens: Map<string, TokenCounts>;
}

/** All usage together. Looks at every row: not for a thread that others wait for. */
export function summarizeUsage(
  database: Database,
  options: SummaryOptions,
): Omit<ClaudeUsage, 'transcripts'> {
  const summary = new Summary(options);
  const totals = database.prepare<[], TotalRow>(`
    SELECT t.*, EXISTS (
      SELECT 1 FROM turns WHERE claude_session_id = t.session_id AND cost_usd IS NOT NULL) AS own
    FROM usage_totals t ORDER BY quarter`);
  for (const row of totals.iterate()) summary.add(row);
  const costs = database.prepare<[], { at: number; usd: number }>(
    'SELECT finished_at_ms AS at, cost_usd AS usd FROM turns WHERE cost_usd IS NOT NULL ORDER BY at',
  );
  for (const { at, usd } of costs.iterate()) summary.addOwnCost(at, usd);
  return summary.result();
}

class Summary {
  readonly #prices: Prices;
  readonly #fault: string | null;
  readonly #dayOf: (quarter: number) => string;
  readonly #models = new Map<string, Writable<ModelUsage>>();
  readonly #days = new Map<string, Day>();
  readonly #sessions = new Set<string>();
  readonly #unknown = new Set<string>();
  #messages = 0;
  #requests = 0;
  #context = 0;
  #contextMax = 0;
  #ownUsd = 0;
  #otherUsd = 0;
  #firstDay: string | null = null;

  constructor({ prices, fault, timeZone }: SummaryOptions) {
    this.#prices = prices;
    this.#fault = fault;
    this.#dayOf = dayReader(timeZone);
  }

  add(row: TotalRow): void {
    const date = this.#dayOf(row.quarter);
    const day = this.#day(date);
    this.#firstDay ??= date;
    this.#sessions.add(row.session_id);
    day.sessions.add(row.session_id);
    this.#messages += row.events;
    day.messages += row.events;
    if (row.model !== '') this.#addRequests(row, day);
  }

  /** @param atMs Unix milliseconds */
  addOwnCost(atMs: number, usd: number): void {
    this.#ownUsd += usd;
    this.#day(this.#dayOf(Math.floor(atMs / quarterMs))).cost_usd += usd;
  }

  result(): Omit<ClaudeUsage, 'transcripts'> {
    const days = [...this.#days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1));
    return {
      total_sessions: this.#sessions.size,
      total_messages: this.#messages,
      total_requests: this.#requests,
      first_session_date: this.#firstDay,
      model_usage: Object.fromEntries(
        [...this.#models].map(([model, usage]) => [
          model,
          { ...usage, cost_usd: usage.cost_usd === null ? null : cents(usage.cost_usd) },
        ]),
      ),
      daily_activity: days.map((day) => ({
        ...day,
        sessions: day.sessions.size,
        tokens: Object.fromEntries(day.tokens),
        cost_usd: cents(day.cost_usd),
      })),
      context_avg: this.#requests === 0 ? 0 : Math.round(this.#context / this.#requests),
      context_max: this.#contextMax,
      cost: {
        own_usd: cents(this.#ownUsd),
        other_usd: cents(this.#otherUsd),
        total_usd: cents(this.#ownUsd + this.#otherUsd),
        unknown_models: [...this.#unknown].toSorted(),
        price_fault: this.#fault,
      },
    };
  }

  #addRequests(row: TotalRow, day: Day): void {
    const usage = this.#model(row.model);
    addTokens(usage, row);
    usage.requests += row.events;
    const usd = this.#costOf(row);
    usage.cost_usd = usd === undefined || usage.cost_usd === null ? null : usage.cost_usd + usd;
    if (row.own === 0) {
      if (usd === undefined) this.#unknown.add(row.model);
      this.#otherUsd += usd ?? 0;
      day.cost_usd += usd ?? 0;
    }
    day.requests += row.events;
    const tokens = day.tokens.get(row.model) ?? noTokens();
    addTokens(tokens, row);
    day.tokens.set(row.model, tokens);
    this.#requests += row.events;
    this.#context += row.input + row.cache_read + row.cache_write_5m + row.cache_write_1h;
    this.#contextMax = Math.max(this.#contextMax, row.context_max);
  }

  #costOf(row: TotalRow): number | undefined {
    const price = priceOf(row.model, this.#prices);
    if (price === undefined) return undefined;
    return costAt(row.long === 1 ? (price.over_100k ?? price) : price, row);
  }

  #model(name: string): Writable<ModelUsage> {
    const usage = this.#models.get(name) ?? { ...noTokens(), requests: 0, cost_usd: 0 };
    this.#models.set(name, usage);
    return usage;
  }

  #day(date: string): Day {
    const day = this.#days.get(date) ?? {
      date,
      messages: 0,
      sessions: new Set<string>(),
      requests: 0,
      cost_usd: 0,
      tokens: new Map<string, TokenCounts>(),
    };
    this.#days.set(date, day);
    return day;
  }
}

type TokenCounts = Writable<DailyActivity['tokens'][string]>;

const noTokens = (): TokenCounts => ({
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
});

function addTokens(counts: TokenCounts, row: TotalRow): void {
  counts.input_tokens += row.input;
  counts.output_tokens += row.output;
  counts.cache_read_tokens += row.cache_read;
  counts.cache_creation_tokens += row.cache_write_5m + row.cache_write_1h;
}

/** US dollars. */
const costAt = (rates: Rates, row: TotalRow): number =>
  (rates.input * row.input +
    rates.output * row.output +
    rates.cache_read * row.cache_read +
    rates.cache_write_5m * row.cache_write_5m +
    rates.cache_write_1h * row.cache_write_1h) /
  1_000_000;

/** To a hundredth of a cent: sums of floating-point numbers have strange ends. */
const cents = (usd: number): number => Math.round(usd * 10_000) / 10_000;

/** The day that a quarter of an hour is on there. */
function dayReader(timeZone: string): (quarter: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const days = new Map<number, string>();
  return (quarter) => {
    const day = days.get(quarter) ?? format.format(quarter * quarterMs);
    days.set(quarter, day);
    return day;
  };
}
