import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { publishLocalAccess } from '../access/local-access.ts';
import { loadConfig } from '../config/config.ts';
import { realDatabasePath } from '../db/hold-database.ts';
import { type GatewayPlace, gatewayPlace } from './gateway-address.ts';
import { UserFault } from './user-fault.ts';

const directory = mkdtempSync(join(tmpdir(), 'place-'));
afterAll(() => rmSync(directory, { recursive: true }));
const DATABASE_PATH = join(directory, 'gateway.db');

function place(named: string | undefined, variables: Record<string, string>): GatewayPlace {
  const environment = { DATABASE_PATH, ...variables };
  return gatewayPlace(named, { environment, config: loadConfig(environment) });
}

test.each([
  [undefined, {}, 'http://127.0.0.1:8000'],
  [undefined, { PORT: '9000' }, 'http://127.0.0.1:9000'],
  [undefined, { HOST: '::1' }, 'http://[::1]:8000'],
  [undefined, { HOST: '0.0.0.0' }, 'http://127.0.0.1:8000'],
  [undefined, { HOST: '::' }, 'http://[::1]:8000'],
  [undefined, { MCB_API_BASE: 'http://localhost:8000/api' }, 'http://localhost:8000'],
  [undefined, { MCB_API_BASE: 'https://bot.example/x/api/', PORT: '1' }, 'https://bot.example/x'],
  [undefined, { MCB_API_BASE: ' ' }, 'http://127.0.0.1:8000'],
  ['http://127.0.0.1:7000/', { MCB_API_BASE: 'http://a/api' }, 'http://127.0.0.1:7000'],
  ['http://127.0.0.1:7000/api', {}, 'http://127.0.0.1:7000'],
])('%s in %o is %s', (named, variables, url) => {
  expect(place(named, variables)).toEqual({ url, token: undefined });
});

test.each(['nonsense', '127.0.0.1:8000', 'ftp://x', ''])('%o is no address', (named) => {
  expect(() => place(named, {})).toThrow(UserFault);
});

test('a password is not said, even where the address is none', () => {
  expect(() => place('ftp://me:hunter2@x', {})).not.toThrow(/hunter2/);
});

describe('the token', () => {
  test('is MCB_TOKEN, unless the address has one of its own', () => {
    expect(place('http://a:1', { MCB_TOKEN: 'mine' }).token).toBe('mine');
    const named = place('http://hero:its-own@a:1/api', { MCB_TOKEN: 'mine' });
    expect(named).toEqual({ url: 'http://a:1', token: 'its-own' });
    const base = { MCB_API_BASE: 'http://hero:its-own@a:1/api' };
    expect(place(undefined, base)).toEqual({ url: 'http://a:1', token: 'its-own' });
  });

  test('is the key that the gateway put down, for that gateway alone', () => {
    const access = { url: 'http://127.0.0.1:8000', key: 'the-key' };
    const withdraw = publishLocalAccess(realDatabasePath(DATABASE_PATH), access);
    expect(place(undefined, {}).token).toBe('the-key');
    expect(place('http://localhost:8000', {}).token).toBe('the-key');
    expect(place(undefined, { MCB_TOKEN: 'mine' }).token).toBe('mine');
    for (const other of ['http://127.0.0.1:8001', 'http://example.org:8000', 'http://127.0.0.1'])
      expect(place(other, {}).token).toBeUndefined();
    withdraw();
    expect(place(undefined, {}).token).toBeUndefined();
  });
});
