import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownSecrets } from './known-secrets.ts';
import { SecretStream } from './secret-stream.ts';

function shown(secrets: readonly string[], pieces: readonly string[]): string[] {
  const stream = new SecretStream(new KnownSecrets(secrets));
  return [...pieces.map((piece) => stream.push(piece)), stream.end()];
}

test('pieces pass as they come where nothing begins like a secret', () => {
  expect(shown(['secret-canary'], ['Hello', ', wor', 'ld.'])).toEqual([
    'Hello',
    ', wor',
    'ld.',
    '',
  ]);
});

test('what begins like one is held back until it is known', () => {
  expect(shown(['secret-canary'], ['a sec', 'ret-', 'canary b'])).toEqual([
    'a ',
    '',
    '[hidden] b',
    '',
  ]);
  expect(shown(['secret-canary'], ['a sec', 'ond'])).toEqual(['a ', 'second', '']);
  expect(shown(['secret-canary'], ['a sec'])).toEqual(['a ', 'sec']);
});

test('of two secrets that share a part, none is shown in part', () => {
  const secrets = ['secret-canary', 'sesesecret'];
  expect(shown(secrets, ['se', 'sesecret', '-canary'])).toEqual(['', '', 'sese[hidden]', '']);
  expect(shown(secrets, ['se', 'sesecret', '!'])).toEqual(['', '', '[hidden]!', '']);
  expect(shown(secrets, ['sesesecret'])).toEqual(['', '[hidden]']);
});

test('wherever it is cut, the whole is what hiding in the whole gives', () => {
  const secrets = ['secret-canary', 'aaaaaaaab', 'sesesecret'];
  const part = fc.constantFrom(
    'secret-canary',
    'aaaaaaaab',
    'sesesecret',
    'se',
    'a',
    'b',
    ' ',
    'x',
  );
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat(12)), (parts, cuts) => {
      const text = parts.join('');
      const pieces: string[] = [];
      let at = 0;
      for (const length of cuts) {
        pieces.push(text.slice(at, at + length));
        at += length;
      }
      pieces.push(text.slice(at));
      expect(shown(secrets, pieces).join('')).toBe(new KnownSecrets(secrets).hide(text));
    }),
  );
});
