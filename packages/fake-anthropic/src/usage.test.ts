import { expect, test } from 'vitest';
import { assistant, callOf, user } from './request-examples.ts';
import { countInput, estimateTokens, usageOf } from './usage.ts';

const cached = { cache_control: { type: 'ephemeral' } };
const block = (text: string, more = {}) => ({ type: 'text', text, ...more });

test('a token is four characters, or one Han character', () => {
  expect(estimateTokens('abcdefgh')).toBe(2);
  expect(estimateTokens('你好')).toBe(2);
});

test('without cache_control all input is new', () => {
  const { request } = callOf([user('x'.repeat(40))]);
  expect(usageOf(request, 7)).toMatchObject({
    input_tokens: 10,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 7,
  });
});

test('the first call writes the cache, a later one reads what was there', () => {
  const system = [block('s'.repeat(400), cached)];
  const first = usageOf(callOf([user('x'.repeat(40))], { system }).request, 1);
  expect(first).toMatchObject({ cache_creation_input_tokens: 100, cache_read_input_tokens: 0 });
  const { request } = callOf(
    [user('x'.repeat(40)), assistant('y'.repeat(40)), user(block('z'.repeat(80), cached))],
    { system },
  );
  expect(usageOf(request, 1)).toMatchObject({
    cache_read_input_tokens: 110,
    cache_creation_input_tokens: 30,
    input_tokens: 1,
  });
  expect(countInput(request)).toBe(140);
});
