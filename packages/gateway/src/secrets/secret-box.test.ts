import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownSecrets } from './known-secrets.ts';
import { keyBytes, SecretBox } from './secret-box.ts';

const box = new SecretBox(randomBytes(keyBytes));
const unreadable = expect.objectContaining({ code: 'secret_unreadable' });

test('what is sealed opens again, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, purpose) => {
      expect(box.open(box.seal(plain, purpose), purpose)).toBe(plain);
    }),
  );
});

test('it shows nothing of what it holds, and looks different each time', () => {
  const token = '12345:AAE-secret';
  expect(box.seal(token, 'p')).not.toContain(token);
  expect(box.seal(token, 'p')).not.toBe(box.seal(token, 'p'));
});

test('it opens for its own purpose and with its own key alone', () => {
  const sealed = box.seal('x', 'token:a');
  expect(() => box.open(sealed, 'token:b')).toThrow(unreadable);
  expect(() => new SecretBox(randomBytes(keyBytes)).open(sealed, 'token:a')).toThrow(unreadable);
});

test('a value that was altered does not open', () => {
  const sealed = box.seal('x', 'p');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  for (const index of bytes.keys()) {
    const altered = Buffer.from(bytes);
    altered[index] = (altered[index] ?? 0) ^ 1;
    expect(() => box.open(`v1:${altered.toString('base64url')}`, 'p')).toThrow(unreadable);
  }
});

test.each(['', 'x', 'v1:', 'v2:AAAA', 'v1:AAAA', `${box.seal('x', 'p')}:`])(
  '%j is no sealed value',
  (text) => {
    expect(() => box.open(text, 'p')).toThrow(unreadable);
  },
);

test('it says whether the key is another one, or the value was altered', () => {
  const other = new SecretBox(randomBytes(keyBytes));
  expect(() => other.open(box.seal('x', 'p'), 'p')).toThrow(/with another key.*\.key/s);
  expect(() => box.open(box.seal('x', 'p'), 'q')).toThrow(/altered/);
});

test('what goes through it is known as a secret from then on', () => {
  const [sealing, opening] = [new KnownSecrets(), new KnownSecrets()];
  const key = randomBytes(keyBytes);
  const sealed = new SecretBox(key, sealing).seal('12345:token', 'p');
  expect(sealing.occurIn('12345:token')).toBe(true);
  expect(opening.occurIn('12345:token')).toBe(false);
  new SecretBox(key, opening).open(sealed, 'p');
  expect(opening.occurIn('12345:token')).toBe(true);
});
