import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isMissing } from '../../host/is-missing.ts';

const dollars = z.number().nonnegative();

const Rates = z.strictObject({
  input: dollars,
  output: dollars,
  cache_read: dollars,
  cache_write_5m: dollars,
  cache_write_1h: dollars,
});
/** US dollars for a million tokens. */
export type Rates = z.infer<typeof Rates>;

const Price = Rates.extend({
  /** For requests that send more than 100,000 tokens, where those cost more. */
  over_100k: Rates.optional(),
});
export type Price = z.infer<typeof Price>;

/** What models cost, by name. null: it is not known, whatever the built-in table says. */
const PriceFile = z.record(z.string(), Price.nullable());
export type Prices = z.infer<typeof PriceFile>;

/** Prices, and what is wrong with the owner's own ones. */
export interface LoadedPrices {
  readonly prices: Prices;
  readonly fault: string | null;
}

const rates = (input: number, output: number, cache_read = input / 10): Rates => ({
  input,
  output,
  cache_read,
  cache_write_5m: input * 1.25,
  cache_write_1h: input * 2,
});

/** As Claude Code 2.1.330 counts them. */
export const builtInPrices: Prices = {
  'claude-3-5-haiku': rates(0.8, 4),
  'claude-haiku-4-5': rates(1, 5),
  'claude-haiku-5-5': { ...rates(0.1, 0.5), over_100k: rates(0.5, 2.5) },
  'claude-3-5-sonnet': rates(3, 15),
  'claude-3-7-sonnet': rates(3, 15),
  'claude-sonnet-4': rates(3, 15),
  'claude-sonnet-4-5': rates(3, 15),
  'claude-sonnet-4-6': rates(3, 15),
  'claude-sonnet-5': rates(2, 10),
  'claude-sonnet-5-5': rates(2, 10, 0.1),
  'claude-opus-4': rates(15, 75),
  'claude-opus-4-1': rates(15, 75),
  'claude-opus-4-5': rates(5, 25),
  'claude-opus-4-6': rates(5, 25),
  'claude-opus-4-7': rates(5, 25),
  'claude-opus-4-8': rates(5, 25),
  'claude-opus-5': rates(5, 25),
  'claude-opus-5-5': rates(4, 20, 0.2),
  'claude-fable-5': rates(10, 50),
  'claude-fable-5-1': rates(10, 50, 0.25),
  'claude-mythos-5': rates(10, 50),
  'claude-mythos-5-1': rates(10, 50, 0.25),
  'claude-mythos-5-2': rates(8, 40, 0.2),
};

/** The built-in table, and the owner's over it. A file that can't be used is told, and does not count. */
export function loadPrices(file: string): LoadedPrices {
  try {
    const own = PriceFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { prices: { ...builtInPrices, ...own }, fault: null };
  } catch (error) {
    if (isMissing(error)) return { prices: builtInPrices, fault: null };
    return { prices: builtInPrices, fault: `The price table can't be used: ${wordsOf(error)}` };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

/**
 * A model's price, by its own name or by that of its family: without a date, and without what Bedrock and
 * Vertex put around it.
 */
export function priceOf(model: string, prices: Prices): Price | undefined {
  const own = ownEntry(prices, model);
  if (own !== undefined) return own ?? undefined;
  const name = /claude-[a-z0-9-]+/.exec(model)?.[0] ?? model;
  return ownEntry(prices, name.replace(/-v\d+$/, '').replace(/-\d{8}$/, '')) ?? undefined;
}

const ownEntry = (prices: Prices, name: string): Price | null | undefined =>
  Object.hasOwn(prices, name) ? prices[name] : undefined;
