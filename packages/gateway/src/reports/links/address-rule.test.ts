import { describe, expect, test } from 'vitest';
import { AddressRefused, AddressRule } from './address-rule.ts';
import { askPage } from './ask-page.ts';
import { isPublicAddress } from './public-address.ts';

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['127.0.0.1', false],
  ['10.0.0.1', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['2001:db8::1', false],
  ['example.org', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

const found =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('what may be asked for', () => {
  const rule = new AddressRule(['wiki.home'], found('8.8.8.8'));
  test.each([
    ['http://example.org/', 'it is not https'],
    ['https://user:pass@example.org/', 'there is a name or a password in it'],
    ['https://127.0.0.1/', 'it leads to a private address'],
    ['https://2130706433/', 'it leads to a private address'],
    ['https://0x7f.1/', 'it leads to a private address'],
    ['https://[::1]/', 'it leads to a private address'],
    ['https://[::ffff:10.0.0.1]/', 'it leads to a private address'],
    ['file:///etc/passwd', 'it is not https'],
    ['nonsense', 'it is no address'],
    ['https://example.org/', undefined],
  ])('%s', async (url, why) => {
    expect(await rule.refusal(url)).toBe(why);
  });

  test('a name of which any address is private is refused, unless it is trusted', async () => {
    const mixed = new AddressRule(['wiki.home'], found('8.8.8.8', '192.168.0.7'));
    expect(await mixed.refusal('https://example.org/')).toBe('it leads to a private address');
    expect(await mixed.refusal('https://wiki.home/')).toBeUndefined();
  });

  test('a name that is not found is no secret place', async () => {
    const none = new AddressRule([], () => Promise.reject(new Error('ENOTFOUND')));
    expect(await none.refusal('https://nowhere.example/')).toBeUndefined();
  });
});

test('the address that was looked at is the one that is connected to', async () => {
  let asked = 0;
  // Public when it is looked at for the first time, and private from then on.
  const changing = new AddressRule([], async () => {
    asked += 1;
    return [{ address: asked === 1 ? '8.8.8.8' : '127.0.0.1', family: 4 }];
  });
  const look = () =>
    new Promise((resolve, reject) => {
      changing.lookup('example.org', { all: true }, (error, all) =>
        error ? reject(error) : resolve(all),
      );
    });
  expect(await look()).toEqual([{ address: '8.8.8.8', family: 4 }]);
  await expect(look()).rejects.toThrow(AddressRefused);
});

test('a page at a private address is refused where its name is connected to', async () => {
  const rule = new AddressRule([], found('127.0.0.1'));
  const answer = await askPage('https://example.org/', rule, new AbortController().signal);
  expect(answer).toEqual({ kind: 'refused', why: 'it leads to a private address' });
});
