import { expect, test } from 'vitest';
import { codeBits, cosineDistance, quantise, signBits, storedVector } from './codes.ts';

const vector = (...values: number[]): Float32Array => Float32Array.from(values);
const stored = (values: Float32Array): Int16Array =>
  storedVector(new Uint8Array(quantise(values).buffer));

test('a code has a bit for each sign, in whole bytes', () => {
  expect(signBits(vector(1, -1, 0, 0.5, -0.1, -2, -3, 7, 1))).toEqual(
    Uint8Array.from([0b1000_1001, 0b1]),
  );
  expect([codeBits(768), codeBits(1), codeBits(9)]).toEqual([768, 8, 16]);
});

test('what is stored keeps the direction', () => {
  const one = vector(0.3, -0.2, 0.9, 1e-3);
  expect(cosineDistance(one, stored(one))).toBeCloseTo(0, 6);
  expect(cosineDistance(one, stored(one.map((value) => value * -5)))).toBeCloseTo(2, 6);
  expect(cosineDistance(vector(1, 0), stored(vector(0, 1)))).toBeCloseTo(1, 6);
});

test('nothing has no direction', () => {
  expect(cosineDistance(vector(0, 0), stored(vector(1, 0)))).toBe(1);
  expect(cosineDistance(vector(1, 0), stored(vector(0, 0)))).toBe(1);
});
