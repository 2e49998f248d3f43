import { describe, expect, test } from 'vitest';
import { isLocal, isProxied, throttleKey } from './remote-address.ts';

test.each([
  ['127.0.0.1', true],
  ['127.200.1.2', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['::', false],
  ['0.0.0.0', false],
  ['fe80::1%lo', false],
  ['localhost', false],
  ['', false],
  [undefined, false],
])('%j is local: %s', (address, local) => {
  expect(isLocal(address)).toBe(local);
});

describe('a request that came through a proxy', () => {
  test.each([
    'forwarded',
    'via',
    'x-real-ip',
    'x-forwarded-for',
    'x-forwarded',
    'x-forwarded-anything',
    'cf-ray',
  ])('%s', (name) => {
    expect(isProxied({ host: 'localhost', [name]: '' })).toBe(true);
  });

  test('one that did not', () => {
    expect(isProxied({ host: 'localhost', 'user-agent': 'curl', 'x-other': '1' })).toBe(false);
  });
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8'],
  ['::1', ''],
  [undefined, ''],
])('%j is counted as %j', (address, key) => {
  expect(throttleKey(address)).toBe(key);
});
