import { expect, test } from 'vitest';
import { staysInside } from './manifest.ts';

const name = 'sessions/default/1/a/b/link';
test.each([
  ['file', true],
  ['./c/file', true],
  ['../file', true],
  ['../..', true],
  ['../../c/d', true],
  ['', false],
  ['/etc', false],
  ['../../..', false],
  ['../../../2', false],
  // `c` may be a link to `..`: then this is above the chat.
  ['c/..', false],
  ['../c/../..', false],
])('a link in %j stays inside: %s', (target, expected) => {
  expect(staysInside(name, target)).toBe(expected);
});
