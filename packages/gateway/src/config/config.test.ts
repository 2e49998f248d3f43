import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import type { Variable } from './variable-kinds.ts';
import { secretNames, type VariableName, variables } from './variables.ts';

const entries = Object.entries<Variable>(variables);

/** What every deployment of the old system may have set, with the values that it gets when it has not. */
const promised: Record<string, string | undefined> = {
  GATEWAY_SESSION_TIMEOUT: '7200',
  GATEWAY_BG_SESSION_IDLE_TIMEOUT: '14400',
  HARNESS_SESSION_TIMEOUT: '259200',
  GATEWAY_CLAUDE_TIMEOUT: '600',
  GATEWAY_BUSY_STUCK_TIMEOUT: '660',
  GATEWAY_QUEUE_WAIT_TIMEOUT: '120',
  GATEWAY_MIN_FREE_MB: '512',
  GATEWAY_SESSION_DIR: '~/claude-gateway-sessions',
  CRON_SHELL_TIMEOUT: '900',
  CRON_CLAUDE_TIMEOUT: '900',
  OLLAMA_BASE_URL: 'http://localhost:11434',
  OLLAMA_EMBED_MODEL: 'nomic-embed-text',
  MCB_API_BASE: 'http://localhost:8000/api',
  MCB_MCP_TIMEOUT: '30',
  MCB_GATEWAY_TIMEOUT: '960',
  MCB_BOT_ID: 'default',
  HOST: '127.0.0.1',
  PORT: '8000',
};

const promisedNames = [
  ...Object.keys(promised),
  'GATEWAY_MAX_CLAUDE_PROCESSES',
  'DATABASE_PATH',
  'METRICS_CACHE_PATH',
  'REPORT_SENDER',
  'REPORT_TO_PRIMARY',
  'REPORT_CC',
  'REPORT_TO_SECONDARY',
  'DASHBOARD_PUSH_URL',
  'METRICS_SECRET',
];

const faultOf = (environment: Record<string, string>): string => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return expect.unreachable('the configuration was taken');
};

describe('defaults', () => {
  test.each(promisedNames)('%s can be set', (name) => {
    expect(variables).toHaveProperty(name);
  });

  test.each(Object.entries(promised))('%s is %s', (name, value) => {
    expect(entries.find(([known]) => known === name)?.[1].default).toBe(value);
  });

  test.each(entries)('the default of %s is what it may be', (_name, entry) => {
    if (entry.default === undefined) return;
    expect(entry.parse.safeParse(entry.default).success).toBe(true);
  });

  test('an empty environment gives the defaults, as values', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      PORT: 8000,
      GATEWAY_CLAUDE_TIMEOUT: 600,
      CLAUDE_PERMISSION_MODE: 'bypassPermissions',
      CLAUDE_SETTING_SOURCES: ['user', 'project', 'local'],
      GATEWAY_SESSION_DIR: join(homedir(), 'claude-gateway-sessions'),
    });
    expect(config.CLAUDE_BIN).toBeUndefined();
    expect(config.METRICS_SECRET).toBeUndefined();
    expect(Object.keys(config).sort()).toEqual(Object.keys(variables).sort());
  });
});

describe('values', () => {
  test('empty, and nothing but white space, is unset', () => {
    expect(loadConfig({ PORT: '', CLAUDE_MODEL: ' ', LOG_LEVEL: '\t' })).toEqual(loadConfig({}));
  });

  test('white space around a value is not of it', () => {
    expect(loadConfig({ PORT: ' 80 ' }).PORT).toBe(80);
  });

  test('what the program does not know is not in the configuration', () => {
    expect(loadConfig({ EDITOR: 'vi' })).toEqual(loadConfig({}));
  });

  test.each([
    ['~', homedir()],
    ['~/x', join(homedir(), 'x')],
    ['/a/../b', '/b'],
    ['x', join(process.cwd(), 'x')],
    ['~x', join(process.cwd(), '~x')],
  ])('the path %s is %s', (written, path) => {
    expect(loadConfig({ GATEWAY_SESSION_DIR: written }).GATEWAY_SESSION_DIR).toBe(path);
  });

  test('lists', () => {
    const { CLAUDE_SETTING_SOURCES, REPORT_CC } = loadConfig({
      CLAUDE_SETTING_SOURCES: 'none',
      REPORT_CC: 'a@example.org, b@example.org',
    });
    expect(CLAUDE_SETTING_SOURCES).toEqual([]);
    expect(REPORT_CC).toEqual(['a@example.org', 'b@example.org']);
  });

  test('the configuration is frozen', () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Reflect.set(config, 'PORT', 1)).toBe(false);
  });
});

const bad: [VariableName, string][] = [
  ['PORT', '80a'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '1e3'],
  ['PORT', '80.5'],
  ['PORT', '0x50'],
  ['PORT', '99999999999999999999'],
  ['LOG_LEVEL', 'loud'],
  ['GATEWAY_CLAUDE_TIMEOUT', '0'],
  ['GATEWAY_CLAUDE_TIMEOUT', '10m'],
  ['GATEWAY_QUEUE_WAIT_TIMEOUT', '31536001'],
  ['GATEWAY_MAX_CLAUDE_PROCESSES', '0'],
  ['GATEWAY_MIN_FREE_MB', 'none'],
  ['CLAUDE_PERMISSION_MODE', 'yolo'],
  ['CLAUDE_SETTING_SOURCES', 'user,team'],
  ['CLAUDE_SETTING_SOURCES', 'user,,local'],
  ['DATABASE_PATH', 'a\0b'],
  ['OLLAMA_BASE_URL', 'localhost:11434'],
  ['OLLAMA_BASE_URL', 'ftp://localhost'],
  ['MCB_API_BASE', 'http://'],
  ['REPORT_SENDER', 'somebody'],
  ['REPORT_CC', 'a@example.org,'],
];

describe('faults', () => {
  test.each(bad)('%s=%j is one line that names it and says what it may be', (name, value) => {
    const fault = faultOf({ [name]: value });
    expect(fault.split('\n')).toHaveLength(1);
    expect(fault).toMatch(new RegExp(`^${name}: `));
    expect(fault).toContain(JSON.stringify(value));
    expect(fault).toContain(variables[name].form);
  });

  test('each bad value has a line of its own, in the order of the documentation', () => {
    const lines = faultOf({ REPORT_SENDER: 'x', PORT: 'a\nb', LOG_LEVEL: 'y' }).split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual(['PORT', 'LOG_LEVEL', 'REPORT_SENDER']);
  });

  test('a secret is never in a fault', () => {
    const secrets = Object.fromEntries(secretNames.map((name) => [name, 'hunter2']));
    expect(secretNames).toContain('METRICS_SECRET');
    expect(faultOf({ ...secrets, PORT: 'x' })).not.toContain('hunter2');
  });
});
