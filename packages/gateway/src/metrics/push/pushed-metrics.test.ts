import { PushedMetrics, privateFields } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { publicMetrics } from './public-metrics.ts';
import { canaryMetrics } from './test-canary.ts';

test.each([
  ['nothing more', []],
  ['all that may be', privateFields],
] as const)(
  'what is sent with %s made public is what the dashboard takes, to the last field',
  (_, more) => {
    const sent: unknown = JSON.parse(JSON.stringify(publicMetrics(canaryMetrics(), more)));
    expect(PushedMetrics.parse(sent)).toEqual(sent);
  },
);

test('what is never public is dropped by it', () => {
  expect(JSON.stringify(PushedMetrics.parse(canaryMetrics()))).not.toContain('price-fault');
});
