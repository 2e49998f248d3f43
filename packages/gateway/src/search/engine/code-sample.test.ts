import { expect, test } from 'vitest';
import { type CodeSample, reachOf } from './code-sample.ts';
import { differingBits } from './codes.ts';

/** As many bits set as asked for. */
const code = (ones: number): Uint8Array =>
  Uint8Array.from({ length: 96 }, (_, index) => {
    const here = Math.max(0, Math.min(8, ones - index * 8));
    return (1 << here) - 1;
  });

test('bits that differ are counted', () => {
  expect(differingBits(Uint8Array.from([0b1010, 0xff]), Uint8Array.from([0b0110, 0]))).toBe(10);
  expect(differingBits(code(100), code(70))).toBe(30);
});

/** Every distance from 0 to 511 stands for as many rows. */
const sample: CodeSample = Array.from({ length: 1_024 }, (_, index) => code(index >> 1));

test('a reach takes in those that are looked for, and not many more', () => {
  // Of 100,000 rows each bit has 195.
  expect(reachOf(sample, code(0), 100_000, 100)).toBe(5);
  // Of 10,000 a thousand: the first 51 bits have so many.
  const reach = reachOf(sample, code(0), 10_000, 1_000) ?? 0;
  expect(reach).toBeGreaterThan(51);
  expect(reach).toBeLessThan(75);
});

test('where most rows are looked for, or none are known, there is no reach', () => {
  expect(reachOf(sample, code(0), 4_000, 2_500)).toBeUndefined();
  expect(reachOf([], code(0), 100_000, 100)).toBeUndefined();
  expect(reachOf([], code(0), 0, 100)).toBeUndefined();
});
