import { expect, test } from 'vitest';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { createLogger } from './logger.ts';

/** The lines that come of it, parsed: each must be one. */
function logged(write: (logger: ReturnType<typeof createLogger>) => void, secrets?: KnownSecrets) {
  const lines: string[] = [];
  write(createLogger('trace', secrets, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

test.each(['authorization', 'token', 'bot_token', 'botToken', 'password', 'secret', 'x-api-key'])(
  'a field %j is not shown, however deep',
  (name) => {
    const lines = logged((logger) => {
      logger.info({ [name]: 'canary' }, 'a');
      logger.info({ input: { [name]: 'canary' } }, 'b');
      logger.info({ a: { b: { [name]: 'canary' } } }, 'c');
      logger.info({ a: { b: { c: { [name]: 'canary' } } } }, 'd');
      logger.child({ [name]: 'canary' }).info('e');
      logger.error({
        err: Object.assign(new Error('x'), { config: { headers: { [name]: 'canary' } } }),
      });
    });
    expect(lines).toHaveLength(6);
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(lines[1]).toMatchObject({ input: { [name]: '[hidden]' }, msg: 'b' });
  },
);

test('a known secret is not shown, wherever it stands', () => {
  const secrets = new KnownSecrets(['the "canary" value']);
  const fault = new Error('it said: the "canary" value', {
    cause: new Error('the "canary" value'),
  });
  const lines = logged((logger) => {
    logger.info('the "canary" value');
    logger.info(
      { list: ['x the "canary" value y'], 'the "canary" value': 1 },
      '%s',
      'the "canary" value',
    );
    logger.error({ err: fault }, 'failed');
    logger.fatal(fault);
    logger.child({ url: '/x?t=the%20%22canary%22%20value' }).trace('z');
    logger.info({ body: JSON.stringify({ text: 'the "canary" value' }) });
  }, secrets);
  expect(lines).toHaveLength(6);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test.each([
  'sk-ant-api03-canary-canary',
  'Bearer canarycanary',
  'Basic aGVybzpjYW5hcnk=',
  '1234567890:AAEcanarycanarycanarycanarycanary12',
  'https://api.telegram.org/bot1234567890:AAEcanarycanarycanarycanarycanary12/sendMessage',
  'http://hero:canary@host:8000/',
])('what looks like a secret is not shown: %s', (text) => {
  const [line] = logged((logger) => logger.info({ err: new Error(text), next: 'a@b' }, text));
  expect(JSON.stringify(line)).not.toMatch(/canary|aGVybzpjYW5hcnk/);
  expect(line).toMatchObject({ next: 'a@b' });
});
