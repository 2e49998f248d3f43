import { expect, test } from 'vitest';
import { type BrowserRequest, browserRefusal } from './browser-gate.ts';

const rules = {
  hosts: new Set(['bot.example', 'with-port.example:81', '192.168.1.2']),
  origins: new Set(['https://page.example']),
};
const refused = (request: Partial<BrowserRequest>): boolean =>
  browserRefusal(
    {
      host: 'localhost:8000',
      origin: undefined,
      site: undefined,
      localAddress: '10.0.0.5',
      ...request,
    },
    rules,
  ) !== undefined;

test.each<[Partial<BrowserRequest>, boolean]>([
  [{}, false],
  [{ host: undefined }, true],
  [{ host: '' }, true],
  [{ host: 'evil.example' }, true],
  [{ host: 'BOT.example:1' }, false],
  [{ host: 'bot.example.' }, false],
  [{ host: 'with-port.example:81' }, false],
  [{ host: 'with-port.example' }, true],
  // The address that the connection came to is no name that somebody could have made point here.
  [{ host: '10.0.0.5:8000' }, false],
  [{ host: '10.0.0.5:8000', localAddress: '::ffff:10.0.0.5' }, false],
  [{ host: '10.0.0.6:8000' }, true],
  [{ host: '[fd00::5]', localAddress: 'fd00::5' }, false],
  [{ host: '192.168.1.2' }, false],
  [{ origin: 'http://localhost:8000' }, false],
  [{ origin: 'https://localhost:8000' }, false],
  [{ origin: 'http://localhost' }, true],
  [{ origin: 'http://127.0.0.1:8000' }, true],
  [{ origin: 'null' }, true],
  [{ origin: 'https://page.example' }, false],
  [{ origin: 'https://page.example', site: 'cross-site' }, false],
  [{ origin: 'https://page.example', host: 'evil.example' }, true],
  [{ site: 'cross-site' }, true],
  [{ site: 'same-origin' }, false],
  [{ site: 'none' }, false],
])('%o is refused: %s', (request, expected) => {
  expect(refused(request)).toBe(expected);
});
