import { expect, test } from 'vitest';
import { credentialsIn } from './credentials.ts';

const basic = (pair: string): string => `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;

test('nothing said is nobody', () => {
  expect(credentialsIn(undefined)).toEqual({ kind: 'none' });
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  [basic('hero:abc'), 'abc'],
  [basic(':abc'), 'abc'],
  [basic('he:ro:abc'), 'ro:abc'],
  [basic('hero:ключ'), 'ключ'],
])('%s', (header, token) => {
  expect(credentialsIn(header)).toEqual({ kind: 'token', token });
});

test.each([
  '',
  ' ',
  'Bearer',
  'Bearer ',
  'abc',
  'Bearer a b',
  'Digest abc',
  'Basic',
  'Basic !!!',
  basic('hero'),
  basic('hero:'),
  basic(''),
])('%j says something that is no token', (header) => {
  expect(credentialsIn(header)).toEqual({ kind: 'unreadable' });
});
