import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newTokenText, tokenDigest, tokenFault } from './token-text.ts';

test('tokens that are made are long, different each time, and would be taken', () => {
  const made = Array.from({ length: 200 }, newTokenText);
  expect(new Set(made).size).toBe(200);
  for (const text of made) {
    expect(text).toMatch(/^mcb_[\w-]{43}$/);
    expect(tokenFault(text)).toBeUndefined();
  }
});

test('what is stored is SHA-256 of the token', () => {
  expect(tokenDigest('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

describe('a token that somebody chose', () => {
  test.each([
    ['', 'letters'],
    ['hunter2', '32 to 256'],
    ['x'.repeat(257), '32 to 256'],
    [`${'Ab3-'.repeat(10)} `, 'letters'],
    ['ключ'.repeat(10), 'letters'],
    ['a:b'.repeat(20), 'letters'],
    ['a'.repeat(64), 'easy to guess'],
    ['ab'.repeat(32), 'easy to guess'],
    ['k3Vq9Zx1Lm5Tr8Wb'.repeat(2), 'easy to guess'],
    ['0123456789abcdefghijklmnopqrstuvwxyz', 'easy to guess'],
    ['CHANGEME-CHANGEME-PASSWORD-SECRET-TOKEN', 'easy to guess'],
    ['this-is-the-default-example-api-key-please-change-me', 'easy to guess'],
    ['deadbeefdeadbeefcafebabecafebabe', 'easy to guess'],
    ['qwertyuiopasdfghjklzxcvbnm1234567890', 'easy to guess'],
    ['00000000-0000-0000-0000-000000000000', 'easy to guess'],
  ])('%j is refused: %s', (text, why) => {
    expect(tokenFault(text)).toContain(why);
  });

  test('one that chance made is taken, in whatever form', () => {
    const bytes = fc.constant(0).map(() => randomBytes(32));
    fc.assert(
      fc.property(bytes, fc.constantFrom('hex', 'base64', 'base64url'), (chance, form) => {
        expect(tokenFault(chance.toString(form as 'hex'))).toBeUndefined();
      }),
    );
    expect(tokenFault('6f1c2a9e-8b3d-4e57-9c04-d2a7b15f8e63')).toBeUndefined();
  });
});
