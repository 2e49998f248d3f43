import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { AccessTokens } from './access-tokens.ts';
import { Authenticator } from './authenticator.ts';
import { LocalKey } from './local-access.ts';
import { RateLimit } from './rate-limit.ts';
import { TokensRepo } from './tokens-repo.ts';

const here = '127.0.0.1';
const elsewhere = '203.0.113.7';

let database: Database;
let clock: TestClock;
let tokens: AccessTokens;
const localKey = new LocalKey();
beforeEach(() => {
  database = openDatabase(':memory:');
  clock = new TestClock();
  tokens = new AccessTokens(new TokensRepo(database), clock);
});
afterEach(() => database.close());

const authenticator = (mode: 'loopback' | 'token') =>
  new Authenticator({ mode, tokens, localKey, failures: new RateLimit(3, clock) });

const asks = (parts: Authenticator, address: string, authorization?: string) =>
  parts.identify({ address, method: 'GET', headers: { authorization } });

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

test('without a token: this machine, where it is trusted, and nobody else', () => {
  expect(asks(authenticator('loopback'), here)).toMatchObject({
    name: 'loopback',
    botId: undefined,
  });
  expect(codeOf(() => asks(authenticator('loopback'), elsewhere))).toBe('unauthorized');
  expect(codeOf(() => asks(authenticator('token'), here))).toBe('unauthorized');
});

test('with a token: whose it is, from wherever', () => {
  const made = tokens.create({ name: 'hero' });
  const caller = asks(authenticator('token'), elsewhere, `Bearer ${made.token}`);
  expect(caller).toEqual({ name: 'hero', botId: undefined, tokenId: made.id });
});

test('the key beside the database is the owner', () => {
  const caller = asks(authenticator('token'), here, `Bearer ${localKey.text}`);
  expect(caller).toEqual({ name: 'local', botId: undefined });
});

test('who sends a wrong one is nobody, also from here', () => {
  expect(codeOf(() => asks(authenticator('loopback'), here, 'Bearer wrong'))).toBe('unauthorized');
});

test('wrong ones are counted by address; time, and only time, lets it try again', () => {
  const made = tokens.create({ name: 'hero' });
  const parts = authenticator('token');
  for (let n = 0; n < 3; n += 1)
    expect(codeOf(() => asks(parts, elsewhere, `Bearer ${n}`))).toBe('unauthorized');
  expect(codeOf(() => asks(parts, elsewhere, 'Bearer 4'))).toBe('too_many_requests');
  expect(codeOf(() => asks(parts, elsewhere, `Bearer ${made.token}`))).toBe('too_many_requests');
  expect(asks(parts, '203.0.113.8', `Bearer ${made.token}`)).toMatchObject({ name: 'hero' });
  clock.advance(20_000);
  expect(asks(parts, elsewhere, `Bearer ${made.token}`)).toMatchObject({ name: 'hero' });
  // From now on it is known there.
  for (let n = 0; n < 9; n += 1) codeOf(() => asks(parts, elsewhere, 'Bearer wrong'));
  expect(asks(parts, elsewhere, `Bearer ${made.token}`)).toMatchObject({ name: 'hero' });
  tokens.revoke('hero');
  expect(codeOf(() => asks(parts, elsewhere, `Bearer ${made.token}`))).toBe('too_many_requests');
});

test('who was refused because of a wrong token is told of; who had none is not', () => {
  const refused: unknown[] = [];
  const failures = new RateLimit(1, clock);
  const parts = new Authenticator({
    ...{ mode: 'token' as const, tokens, localKey, failures },
    onRefused: (address, { code }) => refused.push([address, code]),
  });
  for (const authorization of [undefined, 'Bearer wrong', 'Bearer wrong', undefined])
    codeOf(() => asks(parts, elsewhere, authorization));
  expect(refused).toEqual([
    [elsewhere, 'unauthorized'],
    [elsewhere, 'too_many_requests'],
  ]);
});
