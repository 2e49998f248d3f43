import type { ClaudeUsage, DailyActivity, ModelUsage } from '@mini-claude-bot/contract';
import type { Database } from '../../db/database.ts';
import { type LoadedPrices, type Prices, priceOf, type Rates } from './prices.ts';
import { quarterMs } from './usage-repo.ts';

/** Sums of one day, by model. */
interface TotalRow {
  readonly day: string;
  /** '' for prompts. */
  readonly model: string;
  readonly long: 0 | 1;
  /** Of conversations of this gateway's, whose turns have costs of their own. */
  readonly own: 0 | 1;
  readonly events: number;
  readonly input: number;
  readonly output: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly context_max: number;
}

/** What the summary is made with. */
export interface SummaryOptions extends LoadedPrices {
  /** The owner's, as IANA names it; undefined: the system's. */
  readonly timeZone: string | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Day extends Writable<Omit<DailyActivity, 'tokens'>> {
  /** By model. */
  readonly tokens: Map<string, TokenCounts>;
}

interface SessionRow {
  readonly day: string;
  readonly n: number;
}

/** What all days but the newest add up to, as long as nothing of them changes. */
export class ClosedDays {
  key = '';
  totals: readonly TotalRow[] = [];
  sessions: readonly SessionRow[] = [];
  /** Conversations that there were on any of them. */
  ids: ReadonlySet<string> = new Set();
  /** What was written last when they were added up. */
  changed = 0;
}

/**
 * All usage together. Looks at every row: not for a thread that others wait for.
 * @param closed kept from one call to the next, so that only the newest day is added up anew
 */
export function summarizeUsage(
  database: Database,
  options: SummaryOptions,
  closed: ClosedDays = new ClosedDays(),
): Omit<ClaudeUsage, 'transcripts'> {
  const dayOf = dayReader(options.timeZone);
  database.function('owner_day', { deterministic: true }, (quarter: unknown) =>
    dayOf(Number(quarter)),
  );
  const newest = beginOfNewestDay(database, dayOf);
  const key = keyOfClosed(database, newest, options.timeZone);
  if (key !== closed.key || hasChanged(database, newest, closed.changed)) {
    closed.totals = totalsOf(database, 0, newest);
    closed.sessions = sessionsOf(database, 0, newest);
    closed.ids = new Set(idsOf(database, 0, newest));
    closed.key = key;
  }
  closed.changed = lastChange(database);
  const summary = new Summary(options);
  for (const row of [...closed.totals, ...totalsOf(database, newest)]) summary.add(row);
  for (const { day, n } of [...closed.sessions, ...sessionsOf(database, newest)]) {
    summary.addSessions(day, n);
  }
  const costs = database.prepare<[], { day: string; usd: number }>(`
    SELECT owner_day(finished_at_ms / ${quarterMs}) AS day, sum(cost_usd) AS usd
    FROM turns WHERE cost_usd IS NOT NULL GROUP BY 1`);
  for (const { day, usd } of costs.iterate()) summary.addOwnCost(day, usd);
  const fresh = idsOf(database, newest).filter((id) => !closed.ids.has(id));
  return summary.result(closed.ids.size + fresh.length);
}

/** Many rows are of one quarter of an hour, and to ask for its day is what takes long. */
const withDays = `
  WITH days AS MATERIALIZED (
    SELECT quarter, owner_day(quarter) AS day
    FROM (SELECT DISTINCT quarter FROM usage_totals WHERE quarter >= :from AND quarter < :before))`;

const totalsOf = (database: Database, from: number, before: number = Number.MAX_SAFE_INTEGER) =>
  database
    .prepare<[{ from: number; before: number }], TotalRow>(`${withDays}
      SELECT day, model, long,
        session_id IN (SELECT claude_session_id FROM turns
          WHERE cost_usd IS NOT NULL AND claude_session_id IS NOT NULL) AS own,
        sum(events) AS events, sum(input) AS input, sum(output) AS output, sum(cache_read) AS cache_read,
        sum(cache_write_5m) AS cache_write_5m, sum(cache_write_1h) AS cache_write_1h,
        max(context_max) AS context_max
      FROM usage_totals JOIN days USING (quarter) GROUP BY 1, 2, 3, 4`)
    .all({ from, before });

const sessionsOf = (database: Database, from: number, before: number = Number.MAX_SAFE_INTEGER) =>
  database
    .prepare<[{ from: number; before: number }], SessionRow>(`${withDays}
      SELECT day, count(DISTINCT session_id) AS n FROM usage_totals JOIN days USING (quarter) GROUP BY day`)
    .all({ from, before });

const idsOf = (database: Database, from: number, before: number = Number.MAX_SAFE_INTEGER) =>
  database
    .prepare<[number, number], string>(
      'SELECT DISTINCT session_id FROM usage_totals WHERE quarter >= ? AND quarter < ?',
    )
    .pluck()
    .all(from, before);

/** The first quarter of an hour of the newest day on which anything was. */
function beginOfNewestDay(database: Database, dayOf: (quarter: number) => string): number {
  const newest = database
    .prepare<[], number | null>('SELECT max(quarter) FROM usage_totals')
    .pluck()
    .get();
  if (newest === undefined || newest === null) return 0;
  let begin = newest;
  while (dayOf(begin - 1) === dayOf(newest)) begin -= 1;
  return begin;
}

/** Changes where other days are closed ones, or other conversations are this gateway's. */
function keyOfClosed(database: Database, before: number, timeZone: string | undefined): string {
  const own = database
    .prepare<[], number>(
      'SELECT count(DISTINCT claude_session_id) FROM turns WHERE cost_usd IS NOT NULL',
    )
    .pluck()
    .get();
  return JSON.stringify([timeZone, before, own]);
}

/** Whether anything was written of those days since. Looks at what was written since, and at nothing else. */
const hasChanged = (database: Database, before: number, since: number): boolean =>
  database
    .prepare<[number, number]>(
      'SELECT 1 FROM usage_totals WHERE changed > ? AND quarter < ? LIMIT 1',
    )
    .get(since, before) !== undefined;

const lastChange = (database: Database): number =>
  database.prepare<[], number | null>('SELECT max(changed) FROM usage_totals').pluck().get() ?? 0;

class Summary {
  readonly #prices: Prices;
  readonly #fault: string | null;
  readonly #models = new Map<string, Writable<ModelUsage>>();
  readonly #days = new Map<string, Day>();
  readonly #unknown = new Set<string>();
  #messages = 0;
  #requests = 0;
  #context = 0;
  #contextMax = 0;
  #ownUsd = 0;
  #otherUsd = 0;

  constructor({ prices, fault }: SummaryOptions) {
    this.#prices = prices;
    this.#fault = fault;
  }

  add(row: TotalRow): void {
    const day = this.#day(row.day);
    this.#messages += row.events;
    day.messages += row.events;
    if (row.model !== '') this.#addRequests(row, day);
  }

  addSessions(date: string, count: number): void {
    this.#day(date).sessions = count;
  }

  addOwnCost(date: string, usd: number): void {
    this.#ownUsd += usd;
    this.#day(date).cost_usd += usd;
  }

  /** @param sessions there are in all: one that goes on for days is one */
  result(sessions: number): Omit<ClaudeUsage, 'transcripts'> {
    const days = [...this.#days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1));
    return {
      total_sessions: sessions,
      total_messages: this.#messages,
      total_requests: this.#requests,
      first_session_date: days.find((day) => day.sessions > 0)?.date ?? null,
      model_usage: Object.fromEntries(
        [...this.#models].map(([model, usage]) => [
          model,
          { ...usage, cost_usd: usage.cost_usd === null ? null : cents(usage.cost_usd) },
        ]),
      ),
      daily_activity: days.map((day) => ({
        ...day,
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
      sessions: 0,
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
function dayReader(timeZone: string | undefined): (quarter: number) => string {
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
