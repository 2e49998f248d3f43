import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { gatewayAddress } from './gateway-address.ts';
import { UserFault } from './user-fault.ts';

const address = (named: string | undefined, environment: Record<string, string>): string =>
  gatewayAddress(named, { environment, config: loadConfig(environment) });

test.each([
  [undefined, {}, 'http://127.0.0.1:8000'],
  [undefined, { PORT: '9000' }, 'http://127.0.0.1:9000'],
  [undefined, { HOST: '::1' }, 'http://[::1]:8000'],
  [undefined, { MCB_API_BASE: 'http://localhost:8000/api' }, 'http://localhost:8000'],
  [undefined, { MCB_API_BASE: 'https://bot.example/x/api/', PORT: '1' }, 'https://bot.example/x'],
  [undefined, { MCB_API_BASE: ' ' }, 'http://127.0.0.1:8000'],
  ['http://127.0.0.1:7000/', { MCB_API_BASE: 'http://a/api' }, 'http://127.0.0.1:7000'],
  ['http://127.0.0.1:7000/api', {}, 'http://127.0.0.1:7000'],
])('%s in %o is %s', (named, environment, expected) => {
  expect(address(named, environment)).toBe(expected);
});

test.each(['nonsense', '127.0.0.1:8000', 'ftp://x', ''])('%o is no address', (named) => {
  expect(() => address(named, {})).toThrow(UserFault);
});
