import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { localOwner } from '../http/caller.ts';
import { AccessTokens } from './access-tokens.ts';
import { SignInLinks } from './sign-in-links.ts';
import { SignIns, signInMs } from './sign-ins.ts';
import { SignInsRepo } from './sign-ins-repo.ts';
import { TokensRepo } from './tokens-repo.ts';

let database: Database;
let clock: TestClock;
let tokens: AccessTokens;
let signIns: SignIns;
let closed: number[];
beforeEach(() => {
  database = openDatabase(':memory:');
  clock = new TestClock();
  tokens = new AccessTokens(new TokensRepo(database), clock);
  closed = [];
  const onEnd = (id: number) => void closed.push(id);
  signIns = new SignIns({ database, repo: new SignInsRepo(database), tokens, clock, onEnd });
});
afterEach(() => {
  signIns.close();
  tokens.close();
  database.close();
});

const begin = (tokenId?: number) => signIns.begin(tokenId, () => {}).secret;

test('a browser stays signed in for thirty days, to the millisecond, and no timer outlives it', () => {
  const secret = begin();
  clock.advance(signInMs - 1);
  expect(signIns.match(secret)).toMatchObject({ name: 'page:owner', botId: undefined });
  expect(closed).toEqual([]);
  clock.advance(1);
  expect(signIns.match(secret)).toBeUndefined();
  expect([closed, signIns.list(), clock.pending]).toEqual([[1], [], 0]);
});

test('it is worth no more than its token, which may expire before', () => {
  const { id } = tokens.create({ name: 'hour', expires_in: 3600 });
  const secret = begin(id);
  expect(signIns.match(secret)).toMatchObject({ name: 'hour', tokenId: id });
  clock.advance(3_600_000);
  expect([signIns.match(secret), signIns.list()]).toEqual([undefined, []]);
});

test('what must be there with it is there, or it is not', () => {
  expect(() =>
    signIns.begin(undefined, () => {
      throw new Error('the audit is full');
    }),
  ).toThrow('the audit is full');
  expect(signIns.list()).toEqual([]);
});

test('of very many the oldest are ended, those of one token alone', () => {
  const { id } = tokens.create({ name: 'many' });
  const other = begin();
  const first = begin(id);
  for (let n = 0; n < 50; n += 1) begin(id);
  expect(signIns.match(first)).toBeUndefined();
  expect(closed).toEqual([2]);
  expect(signIns.match(other)).toBeDefined();
});

test('the code of a link counts once, and for five minutes', () => {
  const links = new SignInLinks(clock);
  const { code } = links.make(localOwner);
  expect([links.take(code), links.take(code)]).toEqual([
    expect.objectContaining({ tokenId: undefined }),
    undefined,
  ]);
  const late = links.make(localOwner).code;
  clock.advance(5 * 60_000);
  expect(links.take(late)).toBeUndefined();
});

test('links that nobody uses do not pile up', () => {
  const links = new SignInLinks(clock);
  const codes = Array.from({ length: 25 }, () => links.make(localOwner).code);
  expect(codes.map((code) => links.take(code) !== undefined).filter(Boolean)).toHaveLength(20);
});
