import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInPrices, loadPrices, priceOf } from './prices.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-prices-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function load(text: string) {
  const file = join(directory, 'prices.json');
  writeFileSync(file, text);
  return loadPrices(file);
}

describe('a model is found by its name', () => {
  test.each([
    ['claude-opus-5-5', 4],
    ['claude-opus-5-5[1m]', 4],
    ['claude-sonnet-4-20250514', 3],
    ['claude-sonnet-4-5-20250929', 3],
    ['claude-3-5-haiku-20241022', 0.8],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 1],
    ['claude-opus-4-1@20250805', 15],
  ])('%s', (model, input) => {
    expect(priceOf(model, builtInPrices)?.input).toBe(input);
  });

  test.each(['gpt-9', 'claude-opus-99', 'toString', '', '<synthetic>', 'claude-'])(
    '%j has none',
    (model) => {
      expect(priceOf(model, builtInPrices)).toBeUndefined();
    },
  );
});

describe("the owner's table", () => {
  const own = { input: 1, output: 2, cache_read: 3, cache_write_5m: 4, cache_write_1h: 5 };

  test('counts before the built-in one, by the full name before the family', () => {
    const { prices, fault } = load(
      JSON.stringify({
        'claude-opus-5-5': own,
        'claude-haiku-4-5-20251001': { ...own, input: 9 },
        'llama-9': own,
        'claude-sonnet-5': null,
      }),
    );
    expect(fault).toBeNull();
    expect(priceOf('claude-opus-5-5', prices)).toEqual(own);
    expect(priceOf('claude-haiku-4-5-20251001', prices)?.input).toBe(9);
    expect(priceOf('claude-haiku-4-5', prices)?.input).toBe(1);
    expect(priceOf('llama-9', prices)).toEqual(own);
    expect(priceOf('claude-sonnet-5', prices)).toBeUndefined();
    expect(priceOf('claude-opus-4-1', prices)?.input).toBe(15);
  });

  test('need not be there', () => {
    expect(loadPrices(join(directory, 'none.json'))).toEqual({
      prices: builtInPrices,
      fault: null,
    });
  });

  test.each([
    ['{', 'JSON'],
    ['[]', 'expected record'],
    [
      '{"m":{"input":-1,"output":2,"cache_read":3,"cache_write_5m":4,"cache_write_1h":5}}',
      'm.input',
    ],
    ['{"m":{"input":1,"output":2}}', 'm.cache_read'],
    [`{"m":${JSON.stringify({ ...own, outptu: 1 })}}`, 'outptu'],
  ])('%s is told, and the built-in one counts', (text, words) => {
    const { prices, fault } = load(text);
    expect(prices).toBe(builtInPrices);
    expect(fault).toContain(words);
  });
});
