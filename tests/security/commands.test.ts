import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Operation, operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operationRequest } from '../support/operation-request.ts';
import { bearer } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** Every file below the gateway's home. */
const files = (): string[] => readdirSync(gateway.home, { recursive: true, encoding: 'utf8' });

describe('CVE-2026-31862, CVE-2026-31975: no shell sees what comes in', () => {
  test.each([
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned;',
    '| touch pwned',
    '--version',
    '-p',
  ])('a chat named %j is a chat of that name', async (chat_id) => {
    const input = {
      chat_id,
      bot_id: chat_id,
      message: `[[text:here]] ${chat_id}`,
      username: chat_id,
    };
    const { response } = await gateway.client.call(operations.sendMessage, input);
    expect(response).toBe('here');
    expect(existsSync(join(gateway.home, 'sessions', chat_id, chat_id))).toBe(true);
    expect(files().filter((name) => basename(name) === 'pwned')).toEqual([]);
  });
});

describe('CVE-2026-31992, CVE-2026-28460: how a text begins is no boundary', () => {
  // The gateway keeps no list of commands that text is held against: text is what Claude is told, all of it.
  test.each(['!touch pwned', '/permissions allow all', '@/etc/passwd', '#!/bin/sh\ntouch pwned'])(
    '%j is said to Claude as it is, and carried out by nobody',
    async (text) => {
      const message = `${text} [[echo]]`;
      const { response } = await gateway.client.call(operations.sendMessage, {
        chat_id: 'words',
        message,
      });
      expect(response).toContain(text);
      expect(files().filter((name) => basename(name) === 'pwned')).toEqual([]);
    },
  );
});

test('CVE-2026-62202: who may speak for one bot can have no command run by a schedule', async () => {
  const { token } = await gateway.client.call(operations.createToken, {
    name: 'hero',
    bot_id: 'hero',
  });
  // Whatever takes a command, and a kind that a shell would run.
  const withCommands = Object.values<Operation>(operations).filter(
    ({ input, access }) => 'command' in input.shape && access !== 'owner',
  );
  for (const operation of withCommands) {
    const input = {
      id: 1,
      name: 'x',
      cron_expression: '* * * * *',
      command: 'touch pwned',
      job_type: 'shell',
    };
    const { method, path, headers, body } = operationRequest(operation, input);
    const asked = {
      method,
      headers: { ...headers, ...bearer(token) },
      ...(body === undefined ? {} : { body }),
    };
    const response = await fetch(gateway.url + path, asked);
    expect([403, 404], `${operation.id} → ${response.status}`).toContain(response.status);
  }
});

test('CVE-2026-25253: no address in a link makes a page of ours talk to somebody else', async () => {
  const plain = await fetch(`${gateway.url}/docs`);
  const led = await fetch(
    `${gateway.url}/docs?url=https://evil.example/api&configUrl=//evil.example`,
  );
  expect(await led.text()).toBe(await plain.text());
  const script = await (await fetch(`${gateway.url}/docs/start.js`)).text();
  // Swagger UI reads the page's query only where it is told to.
  expect(script).not.toContain('queryConfigEnabled');
  expect(led.headers.get('content-security-policy')).toContain("connect-src 'self'");
});
