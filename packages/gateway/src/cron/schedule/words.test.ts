import { expect, test } from 'vitest';
import { inWords } from './words.ts';

test.each([
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday', '在09:00, 星期一至星期五'],
  ['0 0 * * FRI#L', 'At 00:00, on the last Friday of the month', '在00:00, 限每月的最后一个星期五'],
  ['0 9 1-7 * +MON', 'At 09:00, between day 1 and 7 of the month, only on Monday', undefined],
  ['@at 2026-12-24T18:00', 'Once, at 2026-12-24T18:00', '仅一次，在 2026-12-24T18:00'],
])('%s', async (expression, en, zh) => {
  const words = await inWords(expression);
  expect(words.en).toBe(en);
  if (zh !== undefined) expect(words.zh).toBe(zh);
});
