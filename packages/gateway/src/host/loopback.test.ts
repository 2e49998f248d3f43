import { expect, test } from 'vitest';
import { listensToOthers } from './loopback.ts';

test.each([
  ['127.0.0.1', false],
  ['127.8.9.10', false],
  ['::1', false],
  ['0:0:0:0:0:0:0:1', false],
  ['::ffff:127.0.0.1', false],
  ['localhost', false],
  ['LocalHost', false],
  ['0.0.0.0', true],
  ['::', true],
  ['::ffff:0.0.0.0', true],
  ['192.168.1.2', true],
  ['126.255.255.255', true],
  ['128.0.0.1', true],
  ['fe80::1', true],
  ['example.org', true],
  ['localhost.example.org', true],
  ['127.1', true],
  ['', true],
])('%j: %s', (host, others) => {
  expect(listensToOthers(host)).toBe(others);
});
