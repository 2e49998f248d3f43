import { expect, test } from 'vitest';
import { UserFault } from '../user-fault.ts';
import { durationSeconds } from './duration.ts';

test.each([
  ['90m', 5_400],
  ['12h', 43_200],
  ['30d', 2_592_000],
  ['4w', 2_419_200],
])('%s is %i seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test.each(['', '0d', '5', '5s', '-1d', '1.5d', '1 d', '9999999d'])('%j is no time', (text) => {
  expect(() => durationSeconds(text)).toThrow(UserFault);
});
