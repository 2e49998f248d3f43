import { expect, test } from 'vitest';
import { settingsInForce } from './settings-in-force.ts';

const settings = (environment: Record<string, string>, ofProcess: Record<string, string> = {}) => {
  const found = settingsInForce({ environment: { ...environment, ...ofProcess }, ofProcess });
  return (name: string) => found.find((one) => one.name === name);
};

test('each says where it comes from', () => {
  const of = settings({ PORT: '8001', HOST: ' ' }, { LOG_LEVEL: 'debug' });
  expect(of('PORT')).toMatchObject({ value: '8001', source: 'file', set: true });
  expect(of('LOG_LEVEL')).toMatchObject({ value: 'debug', source: 'environment' });
  expect(of('HOST')).toMatchObject({ value: '127.0.0.1', source: 'default' });
  expect(of('CLAUDE_MODEL')).toMatchObject({ value: null, source: 'default', set: false });
});

test('no secret is shown, nor an address that has one in it', () => {
  const secrets = {
    TELEGRAM_BOT_TOKEN: '1234567:canary-one',
    MCB_API_BASE: 'http://hero:canary-two@host:8000/api',
    METRICS_SECRET: 'canary-three',
  };
  const all = settingsInForce({ environment: secrets, ofProcess: {} });
  expect(JSON.stringify(all)).not.toContain('canary');
  expect(all.find(({ name }) => name === 'METRICS_SECRET')).toMatchObject({
    value: null,
    secret: true,
    set: true,
    source: 'file',
  });
});
