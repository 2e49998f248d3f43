import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confinedEnvironment, refusalOf } from './confinement.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mcb-confined-'));
  mkdirSync(join(root, 'own', 'src'), { recursive: true });
  mkdirSync(join(root, 'own-not'));
  writeFileSync(join(root, 'secret'), 's');
  symlinkSync(join(root, 'secret'), join(root, 'own', 'file-link'));
  symlinkSync(root, join(root, 'own', 'folder-link'));
  symlinkSync(join(root, 'not-yet'), join(root, 'own', 'dangling'));
  symlinkSync(join(root, 'own', 'src'), join(root, 'own', 'inner-link'));
});
afterAll(() => rmSync(root, { recursive: true }));

const refusal = (tool_name: string, tool_input: unknown) =>
  refusalOf(join(root, 'own'), { tool_name, tool_input });
const at = (path: string): string => join(root, path);

test.each([
  ['Read', { file_path: 'own/src/new.ts' }],
  ['Write', { file_path: 'own/a/b/c.ts' }],
  ['Edit', { file_path: 'own/inner-link/x.ts' }],
  ['Read', { file_path: 'own/.github/workflows/ci.yml' }],
  ['Grep', { path: 'own', pattern: '../secret|/etc' }],
])('%s may use %o', async (tool, { ...input }) => {
  const named = Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, name === 'pattern' ? value : at(value)]),
  );
  expect(await refusal(tool, named)).toBeUndefined();
});

test.each([
  ['Read', 'secret'],
  ['Read', 'own-not/x'],
  ['Read', 'own/../secret'],
  ['Read', 'own/file-link'],
  ['Read', 'own/folder-link/secret'],
  ['Write', 'own/dangling'],
  ['Write', 'own/folder-link/new'],
  ['Read', 'own/.git'],
  ['Edit', 'own/.GIT/config'],
  ['Write', 'own/sub/.git/hooks/x'],
  ['Write', 'own/.github/workflows/ci.yml'],
  ['Write', 'own/.claude/settings.json'],
  ['Write', 'own/.husky/pre-commit'],
  ['Write', 'own/.gitattributes'],
  ['Write', 'own/.circleci/config.yml'],
  ['Write', 'own/Jenkinsfile'],
  ['Bash', 'own/x'],
  ['mcp__bot__search_chat', 'own/x'],
])('%s may not use %s', async (tool, path) => {
  expect(await refusal(tool, { file_path: at(path) })).toBeDefined();
});

test.each(['/etc/**', '../**', 'src/../../*', '{../x,y}', '~/*'])(
  'a pattern leads nowhere else: %s',
  async (pattern) => {
    expect(await refusal('Glob', { pattern })).toBeDefined();
  },
);

test('what is no path is refused, and so is what is no call', async () => {
  expect(await refusal('Read', { file_path: 7 })).toBeDefined();
  expect(await refusalOf(at('own'), undefined)).toBeDefined();
  expect(await refusal('Glob', { pattern: '**/*.ts' })).toBeUndefined();
});

test('of the environment it gets what the program needs, and no login of the owner', () => {
  const needed = {
    PATH: '/bin',
    HOME: '/h',
    ANTHROPIC_API_KEY: 'k',
    HTTPS_PROXY: 'p',
    LC_ALL: 'C',
  };
  const others = {
    GH_TOKEN: 't',
    SSH_AUTH_SOCK: '/s',
    NPM_TOKEN: 'n',
    DATABASE_URL: 'd',
    GIT_ASKPASS: 'g',
  };
  expect(confinedEnvironment({ ...needed, ...others })).toEqual(needed);
});
