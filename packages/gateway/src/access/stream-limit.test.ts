import { expect, test } from 'vitest';
import { StreamLimit } from './stream-limit.ts';

test('so many for each, and a place is given back once', () => {
  const limit = new StreamLimit(2);
  const first = limit.take('a');
  limit.take('a');
  expect(() => limit.take('a')).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  limit.take('b');
  first();
  first();
  limit.take('a');
  expect(() => limit.take('a')).toThrow(/GATEWAY_MAX_STREAMS/);
});
