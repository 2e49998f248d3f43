import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hidden, KnownSecrets } from './known-secrets.ts';

test.each([
  ['as it is', 'key=s3cret-value!', `key=${hidden}`],
  ['more than once', 's3cret-value! s3cret-value!', `${hidden} ${hidden}`],
  ['in an address', 'http://h/?t=s3cret-value!', `http://h/?t=${hidden}`],
  ['not at all', 's3cret', 's3cret'],
])('a secret is hidden where it stands %s', (_where, text, expected) => {
  expect(new KnownSecrets(['s3cret-value!']).hide(text)).toBe(expected);
});

test('one that holds another is hidden whole', () => {
  const secrets = new KnownSecrets(['abcdefgh', 'abcdefgh-ijkl']);
  expect(secrets.hide('abcdefgh-ijkl abcdefgh')).toBe(`${hidden} ${hidden}`);
});

test('one learned later is hidden from then on', () => {
  const secrets = new KnownSecrets();
  expect(secrets.hide('12345:token')).toBe('12345:token');
  secrets.add('12345:token');
  expect(secrets.hide('12345:token')).toBe(hidden);
});

test('a value as short as a word is left alone', () => {
  expect(new KnownSecrets(['done', '', '   ']).hide('all done   ')).toBe('all done   ');
});

describe('in JSON', () => {
  const secrets = new KnownSecrets(['a"quoted\\secret\n', 'response']);

  test('values are hidden, names and form stay', () => {
    const json = JSON.stringify({
      response: 'x a"quoted\\secret\n y',
      list: [1, null, 'response'],
    });
    expect(JSON.parse(secrets.hideInJson(json))).toEqual({
      response: `x ${hidden}\n y`,
      list: [1, null, hidden],
    });
  });

  test('JSON within JSON', () => {
    const inner = JSON.stringify({ body: 'a"quoted\\secret' });
    expect(secrets.hide(JSON.stringify({ inner }))).not.toContain('quoted');
  });
});

test('nothing of a secret is left, whatever it is made of and wherever it stands', () => {
  const value = fc.string({ unit: 'binary', minLength: 8 }).filter((s) => s.trim().length >= 8);
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
      const secrets = new KnownSecrets([secret]);
      const text = before + secret + after;
      const bare = secret.trim();
      // What is left of one may, with what stands around it, be another.
      fc.pre(!hidden.includes(bare) && !before.includes(bare) && !after.includes(bare));
      expect(secrets.hide(text)).not.toContain(bare);
      const line = secrets.hideInJson(JSON.stringify({ text }));
      expect(JSON.parse(line).text).not.toContain(bare);
    }),
  );
});
