import { claudeEnvironment } from '@mini-claude-bot/claude';
import { expect, test } from 'vitest';
import { secretsOf, withheldNames } from './secrets-of-environment.ts';

const environment = {
  METRICS_SECRET: 'metrics-canary',
  MCB_TOKEN: 'gateway-canary',
  MCB_API_BASE: 'http://hero:gateway-canary@host:8000/api',
  TELEGRAM_BOT_TOKEN: '12345:bot-canary',
  COPY_OF_BOT: 'token is 12345:bot-canary.',
  SMTP_PASSWORD: 'mail-canary',
  OLLAMA_BASE_URL: 'http://me:ollama%20canary@localhost:11434',
  ANTHROPIC_API_KEY: 'sk-ant-claude-canary',
  GITHUB_TOKEN: 'ghp_claude-canary',
  HTTPS_PROXY: 'http://me:proxy-canary@proxy:3128',
  PATH: '/bin',
  MAX_TOKENS: '100000',
  EMPTY_TOKEN: '',
  UNSET: undefined,
};

test('Claude gets nothing that is the gateway’s own, by whatever name', () => {
  const claudes = claudeEnvironment(environment, withheldNames(environment));
  expect(JSON.stringify(claudes)).not.toMatch(/(metrics|gateway|bot|mail|ollama|ollama%20).canary/);
  expect(claudes).toMatchObject({
    ANTHROPIC_API_KEY: 'sk-ant-claude-canary',
    GITHUB_TOKEN: 'ghp_claude-canary',
    HTTPS_PROXY: 'http://me:proxy-canary@proxy:3128',
    PATH: '/bin',
    MAX_TOKENS: '100000',
  });
});

test('a secret of few characters takes no other variable with it', () => {
  const few = { METRICS_SECRET: '1', PATH: '/bin1', METRICS_SECRET_2: '' };
  expect(withheldNames(few)).toContain('METRICS_SECRET');
  expect(withheldNames(few)).not.toContain('PATH');
});

test('an address of ours with a password is withheld, however short that is, and one without is not', () => {
  const addresses = {
    MCB_API_BASE: 'http://hero:short@host:8000/api',
    HTTPS_PROXY: 'http://a:b@c',
  };
  expect(withheldNames(addresses)).toContain('MCB_API_BASE');
  expect(withheldNames(addresses)).not.toContain('HTTPS_PROXY');
  expect(withheldNames({ MCB_API_BASE: 'http://host:8000/api' })).not.toContain('MCB_API_BASE');
  expect(withheldNames({ MCB_API_BASE: 'http://:t@host/api' })).toContain('MCB_API_BASE');
});

test('what no log may show is theirs as well as ours', () => {
  const values = secretsOf(environment);
  expect(values).toEqual(
    expect.arrayContaining([
      'metrics-canary',
      'gateway-canary',
      '12345:bot-canary',
      'mail-canary',
      'ollama canary',
      'sk-ant-claude-canary',
      'ghp_claude-canary',
      'proxy-canary',
    ]),
  );
  expect(values).not.toContain('100000');
  expect(values).not.toContain('/bin');
});
