import { expect, test, vi } from 'vitest';
import { TestClock } from '../../host/test-clock.ts';
import { AddressRule } from './address-rule.ts';
import { checkLinks } from './check-links.ts';

test('where nothing answers, and some of it only when time is over, no link is called dead', async () => {
  const clock = new TestClock();
  const rule = new AddressRule([], (host) =>
    host === 'slow.example' ? new Promise(() => {}) : Promise.reject(new Error('no such name')),
  );
  let ended = false;
  const checked = checkLinks(
    ['https://nowhere.example/', 'https://slow.example/'],
    { rule, clock, limitMs: 1_000, atOnce: 8 },
    new AbortController().signal,
  ).finally(() => {
    ended = true;
  });
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  expect(ended).toBe(false);
  clock.advance(1_000);
  expect(Object.fromEntries(await checked)).toEqual({
    'https://nowhere.example/': 'unchecked',
    'https://slow.example/': 'unchecked',
  });
});
