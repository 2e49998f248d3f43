import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessTokens } from '../../../access/access-tokens.ts';
import { TokensRepo } from '../../../access/tokens-repo.ts';
import { loadConfig } from '../../../config/config.ts';
import { openDatabase } from '../../../db/open-database.ts';
import { TestClock } from '../../../host/test-clock.ts';
import { readKeyFile } from '../../../secrets/key-file.ts';
import type { Finding } from '../finding.ts';
import { checkCallers } from './check-callers.ts';
import { checkClaudeRights } from './check-claude-rights.ts';
import { checkPlaces } from './check-places.ts';
import { checkPrivate } from './check-private.ts';
import { examineSecurity } from './examine-security.ts';
import { privatePaths } from './private-paths.ts';

const me = process.getuid?.() ?? -1;
let home: string;
let environment: Record<string, string>;
let envFile: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-security-'));
  envFile = join(home, '.env');
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    DATABASE_PATH: join(home, 'data', 'gateway.db'),
    GATEWAY_SESSION_DIR: join(home, 'sessions'),
    GATEWAY_ARCHIVE_DIR: join(home, 'archives'),
    METRICS_CACHE_PATH: join(home, 'data', 'metrics.json'),
  };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const config = (more: Record<string, string> = {}) => loadConfig({ ...environment, ...more });
const risks = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state !== 'ok').map(({ id, state }) => `${state}: ${id}`);

describe('who can call', () => {
  const now = 1_000_000;
  const makeToken = (): void => {
    const database = openDatabase(environment.DATABASE_PATH ?? '');
    const clock = new TestClock(now);
    new AccessTokens(new TokensRepo(database), clock).create({ name: 'brief', expires_in: 60 });
    database.close();
  };

  test.each<[Record<string, string>, string[]]>([
    [{}, ['warning: token']],
    [{ HOST: '0.0.0.0' }, ['problem: no_token', 'warning: token']],
    [{ HOST: '0.0.0.0', MCB_AUTH: 'token' }, ['problem: no_token']],
    [{ MCB_AUTH: 'token' }, ['problem: no_token']],
  ])('%j without a token', (more, expected) => {
    expect(risks(checkCallers(config(more), { ...environment, ...more }, now))).toEqual(expected);
    makeToken();
    const later = now + 60_000;
    expect(risks(checkCallers(config(more), { ...environment, ...more }, later))).toEqual(expected);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ MCB_AUTH: 'token' }, []],
    [{}, ['warning: token']],
    [{ HOST: '0.0.0.0' }, ['warning: open_address', 'warning: token']],
    [{ HOST: '0.0.0.0', MCB_AUTH: 'token' }, ['warning: open_address']],
    [
      {
        MCB_AUTH: 'token',
        MCB_ALLOWED_ORIGINS: 'http://page.example,http://localhost:3000,https://page.example',
      },
      ['warning: allowed_origin'],
    ],
    [{ MCB_AUTH: 'token', METRICS_SECRET: 'hunter2' }, ['warning: metrics_secret']],
    [
      {
        MCB_AUTH: 'token',
        METRICS_SECRET: 'f'.repeat(48),
        DASHBOARD_PUSH_URL: 'http://dashboard.example/push',
      },
      ['warning: dashboard_address'],
    ],
    [{ MCB_AUTH: 'token', NODE_OPTIONS: '--inspect=0.0.0.0' }, ['problem: debugger']],
  ])('%j with one', (more, expected) => {
    makeToken();
    const findings = checkCallers(config(more), { ...environment, ...more }, now);
    expect(risks(findings)).toEqual(expected);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });
});

describe('what Claude may do', () => {
  test.each<[Record<string, string>, number, string[]]>([
    [{ CLAUDE_PERMISSION_MODE: 'acceptEdits', CLAUDE_SETTING_SOURCES: 'user' }, 1000, []],
    [{}, 1000, ['warning: permission_mode']],
    [{ CLAUDE_PERMISSION_MODE: 'plan' }, 1000, ['warning: setting_sources']],
    [{}, 0, ['problem: root', 'warning: setting_sources']],
    [{ IS_SANDBOX: '1' }, 0, ['warning: permission_mode', 'warning: root']],
  ])('%j as user %i', async (more, user, expected) => {
    expect(risks(await checkClaudeRights(config(more), { ...environment, ...more }, user))).toEqual(
      expected,
    );
  });

  test('a program that is older than the one that this was made with', async () => {
    const program = join(home, 'claude');
    writeFileSync(program, '#!/bin/sh\necho "2.1.250 (Claude Code)"\n', { mode: 0o700 });
    const more = { CLAUDE_BIN: program, CLAUDE_PERMISSION_MODE: 'bypassPermissions' };
    const findings = await checkClaudeRights(config(more), environment, 1000);
    expect(risks(findings)).toEqual(['warning: permission_mode', 'warning: claude_version']);
  });
});

/** Everything there is, as a gateway leaves it. */
function furnish(): void {
  openDatabase(environment.DATABASE_PATH ?? '').close();
  readKeyFile(`${environment.DATABASE_PATH}.key`);
  for (const name of ['sessions/bot/chat', 'archives/a-uuid', '.claude/projects'])
    mkdirSync(join(home, name), { recursive: true, mode: 0o700 });
  for (const name of [
    '.env',
    'data/gateway.db.v8.1.bak',
    'data/gateway.db.access',
    'data/metrics.json',
    'archives/index.json',
    '.claude/.credentials.json',
  ])
    writeFileSync(join(home, name), '', { mode: 0o600 });
}

describe('files and directories', () => {
  const check = () => checkPrivate(privatePaths(config(), environment, envFile), me);

  test('what a gateway leaves is for its owner alone', () => {
    furnish();
    expect(risks(check())).toEqual([]);
  });

  test('where nothing is there yet, nothing is open', () => {
    expect(risks(check())).toEqual([]);
  });

  test.each([
    ['.env', 'problem', 0o644, 600],
    ['data/gateway.db', 'problem', 0o640, 600],
    ['data/gateway.db.key', 'problem', 0o604, 600],
    ['data/gateway.db.v8.1.bak', 'problem', 0o644, 600],
    ['data/gateway.db.access', 'problem', 0o640, 600],
    ['data/metrics.json', 'warning', 0o644, 600],
    ['data', 'warning', 0o755, 700],
    ['sessions', 'warning', 0o755, 700],
    ['sessions/bot', 'warning', 0o711, 700],
    ['sessions/bot/chat', 'warning', 0o777, 700],
    ['archives', 'warning', 0o755, 700],
    ['archives/a-uuid', 'warning', 0o755, 700],
    ['archives/index.json', 'warning', 0o644, 600],
    ['.claude/.credentials.json', 'problem', 0o644, 600],
    ['.claude/projects', 'warning', 0o755, 700],
  ])('%s that is open to others is a %s', (name, state, mode, closed) => {
    furnish();
    chmodSync(join(home, name), mode);
    const found = check();
    expect(found).toMatchObject([{ state, fix: expect.stringContaining(`chmod ${closed} `) }]);
    expect(found[0]?.found).toContain(join(home, name));
  });

  test('another user’s', () => {
    furnish();
    const findings = checkPrivate([{ path: envFile, what: 'The file' }], me + 1);
    expect(findings).toMatchObject([{ state: 'warning', fix: `chown ${me + 1} ${envFile}` }]);
  });
});

describe('places', () => {
  const check = (more: Record<string, string> = {}) => checkPlaces(config(more), envFile, me);
  // The scratch directory lies in one where all may write.
  const elsewhere = (findings: Finding[]) => findings.filter(({ id }) => id !== 'way');

  test('a directory in one where all may write', () => {
    chmodSync(home, 0o777);
    expect(risks(check())).toContain('problem: way');
    chmodSync(home, 0o1777);
    expect(risks(check()).slice(0, 1)).toEqual(['warning: way']);
    expect(check()[0]?.fix).toContain('GATEWAY_SESSION_DIR');
  });

  test('the database and .env among the chats', () => {
    furnish();
    const more = { GATEWAY_SESSION_DIR: home };
    expect(risks(elsewhere(check(more)))).toEqual(['warning: among_chats', 'warning: among_chats']);
    expect(risks(elsewhere(check()))).toEqual([]);
  });

  test('a bot’s directory that is a link', () => {
    furnish();
    symlinkSync('/etc', join(home, 'sessions', 'other'));
    expect(risks(elsewhere(check()))).toEqual(['problem: linked_directory']);
  });

  test('a key that can not be used', () => {
    furnish();
    writeFileSync(join(home, 'data', 'gateway.db.key'), 'damaged');
    expect(risks(elsewhere(check()))).toEqual(['problem: key_file']);
  });
});

test('all of it together reads what the gateway would read', async () => {
  furnish();
  writeFileSync(envFile, 'MCB_AUTH=token\nHOST=0.0.0.0\nCLAUDE_PERMISSION_MODE=plan\n');
  chmodSync(envFile, 0o644);
  const findings = await examineSecurity({ processEnvironment: environment, envFile }, 0);
  expect(risks(findings)).toEqual(
    expect.arrayContaining(['problem: no_token', 'warning: setting_sources', 'problem: private']),
  );
  for (const { state, fix } of findings) if (state !== 'ok') expect(fix).toBeTruthy();
});
