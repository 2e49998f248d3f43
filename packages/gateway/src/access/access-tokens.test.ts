import { BotId, operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { AccessTokens } from './access-tokens.ts';
import { tokenDigest } from './token-text.ts';
import { TokensRepo } from './tokens-repo.ts';

let database: Database;
let clock: TestClock;
let ended: number[];
let tokens: AccessTokens;
const open = (): AccessTokens =>
  new AccessTokens(new TokensRepo(database), clock, (id) => ended.push(id));
beforeEach(() => {
  database = openDatabase(':memory:');
  clock = new TestClock();
  ended = [];
  tokens = open();
});
afterEach(() => database.close());

const create = (name: string, rest: object = {}) =>
  tokens.create(operations.createToken.input.parse({ name, ...rest }));

const nameOf = (text: string): string | undefined => tokens.match(tokenDigest(text))?.name;

test('a token is known by its text, also after a restart; the text is nowhere', () => {
  const { token } = create('hero', { bot_id: 'hero' });
  expect(nameOf(token)).toBe('hero');
  expect(nameOf(`${token}x`)).toBeUndefined();
  tokens = open();
  expect(tokens.match(tokenDigest(token))?.bot_id).toBe(BotId.parse('hero'));
  const stored = JSON.stringify(database.prepare('SELECT * FROM access_tokens').all());
  expect(stored).not.toContain(token.slice(4));
  expect(JSON.stringify(tokens.list())).not.toContain(token.slice(4));
});

test('a token expires to the millisecond, what is open with it ends, and the timer outlives none', () => {
  const { token, id } = create('brief', { expires_in: 60 });
  create('long', { expires_in: 100 * 86_400 });
  clock.advance(59_999);
  expect(nameOf(token)).toBe('brief');
  expect(ended).toEqual([]);
  clock.advance(1);
  expect(nameOf(token)).toBeUndefined();
  expect(ended).toEqual([id]);
  expect(tokens.list().map(({ state }) => state)).toEqual(['active', 'expired']);
  clock.advance(100 * 86_400_000);
  expect(ended).toHaveLength(2);
  expect(clock.pending).toBe(0);
  create('third', { expires_in: 60 });
  tokens.close();
  expect(clock.pending).toBe(0);
});

test('a token that is revoked is none, now and after a restart, and its name is free', () => {
  const { token, id } = create('hero');
  expect(tokens.revoke('hero')).toMatchObject({ id, state: 'revoked' });
  expect(ended).toEqual([id]);
  expect(nameOf(token)).toBeUndefined();
  tokens = open();
  expect(nameOf(token)).toBeUndefined();
  expect(() => tokens.revoke('hero')).toThrow(expect.objectContaining({ code: 'not_found' }));
  expect(() => create('hero', { token })).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(nameOf(create('hero').token)).toBe('hero');
});

test('a revocation that can not be stored has not happened', () => {
  const { token } = create('hero');
  database.pragma('query_only = ON');
  expect(() => tokens.revoke('hero')).toThrow();
  expect(nameOf(token)).toBe('hero');
  expect(ended).toEqual([]);
});
