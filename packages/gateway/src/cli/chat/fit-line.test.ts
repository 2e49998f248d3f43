import { expect, test } from 'vitest';
import { fitLine } from './fit-line.ts';

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['one too long', 11, 'one too lo…'],
  ['你好世界', 8, '你好世界'],
  ['你好世界', 7, '你好世…'],
  ['你好世界', 6, '你好…'],
  ['', 5, ''],
])('%s in %i columns', (line, columns, shown) => {
  expect(fitLine(line, columns)).toBe(shown);
});
