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

const check = (gh: string) => {
  const environment = {
    PATH: process.env.PATH,
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
