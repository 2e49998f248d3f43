import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { checkGitHub } from './check-github.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-doctor-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const check = (gh: string, path = process.env.PATH) => {
  const environment = {
    PATH: path,
    GH_BIN: gh,
    AWAY_REPOS_FILE: join(home, 'repos.json'),
  };
  return checkGitHub(loadConfig(environment), environment);
};
const ghThat = (words: string): string => {
  const file = join(home, 'gh');
  writeFileSync(file, `#!/bin/sh\n${words}\n`, { mode: 0o755 });
  return file;
};

test('who has listed no repositories needs no GitHub', async () => {
  expect(await check('/nowhere/gh')).toEqual([]);
});

test('the list, the clones, and what confines their tests are looked at', async () => {
  const gh = ghThat('exit 0');
  const found = async (list: unknown, path = process.env.PATH) => {
    writeFileSync(join(home, 'repos.json'), JSON.stringify(list));
    return (await check(gh, path)).slice(1);
  };
  const entry = { repo: 'me/thing', path: home };
  expect(await found([entry])).toEqual([]);
  expect(await found([{ ...entry, minutes: 0 }])).toMatchObject([
    { id: 'away_repositories', found: expect.stringMatching(/entry 1: minutes/) },
  ]);
  expect(await found([{ ...entry, path: join(home, 'none') }])).toMatchObject([
    { id: 'away_clone', found: expect.stringContaining('me/thing') },
  ]);
  expect(await found([{ ...entry, test: 'npm test' }], home)).toMatchObject([
    { id: 'away_sandbox', found: expect.stringContaining('bubblewrap is not installed') },
  ]);
  expect(await found([{ ...entry, test: 'npm test', sandbox: 'none' }], home)).toEqual([]);
});

test('it is logged in, is not, or is not there', async () => {
  writeFileSync(join(home, 'repos.json'), '[]');
  expect(await check(ghThat('test "$1 $2" = "auth status"'))).toMatchObject([{ state: 'ok' }]);
  expect(await check(ghThat('echo "You are not logged in." >&2; exit 1'))).toMatchObject([
    { state: 'warning', found: expect.stringContaining('not logged in') },
  ]);
  expect(await check('/nowhere/gh')).toMatchObject([
    { state: 'warning', found: expect.stringContaining('is not installed') },
  ]);
});
