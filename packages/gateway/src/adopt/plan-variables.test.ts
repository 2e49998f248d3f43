import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { envLine } from '../config/env-file.ts';
import { planVariables } from './plan-variables.ts';

const plan = (old: Record<string, string>, present: Record<string, string> = {}) =>
  planVariables(old, '/srv/old', present);

test.each<[string, Record<string, string>, Record<string, string>, unknown]>([
  [
    'a report’s setting',
    { REPORT_CC: 'a@example.com' },
    {},
    { kind: 'taken', line: 'REPORT_CC=a@example.com' },
  ],
  [
    'the same here',
    { REPORT_CC: 'a@example.com' },
    { REPORT_CC: 'a@example.com' },
    { kind: 'same' },
  ],
  [
    'another here',
    { REPORT_CC: 'a@example.com' },
    { REPORT_CC: 'b@example.com' },
    { kind: 'kept' },
  ],
  ['unset here', { REPORT_CC: 'a@example.com' }, { REPORT_CC: ' ' }, { kind: 'taken' }],
  ['not known', { VERCEL_TOKEN: 'x' }, {}, { kind: 'unknown' }],
  [
    'Claude’s',
    { ANTHROPIC_BASE_URL: 'http://x' },
    {},
    { kind: 'taken', line: 'ANTHROPIC_BASE_URL=http://x' },
  ],
  [
    'not valid here',
    { GATEWAY_CLAUDE_TIMEOUT: 'long' },
    {},
    { kind: 'left', why: expect.stringContaining('a whole number') },
  ],
  [
    'a relative path',
    { GATEWAY_SESSION_DIR: 'chats' },
    {},
    { line: 'GATEWAY_SESSION_DIR=/srv/old/chats' },
  ],
  [
    'a path in the home',
    { GATEWAY_SESSION_DIR: '~/chats' },
    {},
    { line: 'GATEWAY_SESSION_DIR=~/chats' },
  ],
  [
    'the same path',
    { GATEWAY_SESSION_DIR: 'chats' },
    { GATEWAY_SESSION_DIR: '/srv/old/chats' },
    { kind: 'same' },
  ],
  ['its database', { DATABASE_PATH: 'data/x.db' }, {}, { kind: 'left' }],
  ['its cache', { METRICS_CACHE_PATH: 'cache.json' }, {}, { kind: 'left' }],
  ['a secret', { METRICS_SECRET: 'a b#c' }, {}, { kind: 'taken', line: "METRICS_SECRET='a b#c'" }],
])('%s', (_what, old, present, expected) => {
  const [planned, ...more] = plan(old, present);
  expect(more).toEqual([]);
  expect(planned).toMatchObject(expected as Record<string, unknown>);
});

test('another name of the old system is ours, and goes before', () => {
  expect(plan({ GATEWAY_SESSION_IDLE_TIMEOUT: '60', GATEWAY_SESSION_TIMEOUT: '70' })).toEqual([
    {
      name: 'GATEWAY_SESSION_TIMEOUT',
      kind: 'taken',
      line: 'GATEWAY_SESSION_TIMEOUT=60',
      was: 'GATEWAY_SESSION_IDLE_TIMEOUT',
    },
    { name: 'GATEWAY_SESSION_TIMEOUT', kind: 'left', why: 'another name of it was in force' },
  ]);
});

test('what is unset is nothing', () => {
  expect(plan({ DASHBOARD_PUSH_URL: '', METRICS_SECRET: '  ' })).toEqual([]);
});

test.each(['plain', 'a b', "it's", '"quoted"', '#', 'a#b', '$HOME', 'a\\nb', '`', 'ü', '='])(
  'the value %j is read back as it was',
  (value) => expect(parseEnv(envLine('N', value) ?? '')).toEqual({ N: value }),
);

test('a value that no line can hold is not written', () => {
  expect(envLine('N', 'two\nlines')).toBeUndefined();
  expect(envLine('N', `'"\``)).toBeUndefined();
});
