import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The sources of what runs in production. */
const sources = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(claude|client|contract|gateway|mcp)\/src\/.*\.ts$/.test(path))
  .filter((path) => !/(\.test\.ts|\/test-[^/]*)$/.test(path))
  .map((path) => join(root, 'packages', path))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));

/**
 * Every place that starts a program, and why nothing that comes from outside can become a command or an
 * option there. Whoever adds one says so here.
 */
const starts: Record<string, string> = {
  'packages/claude/src/child.ts': 'the SDK’s own arguments; what a chat says goes through stdin',
  'packages/claude/src/run-program.ts': 'fixed words, to the program that its owner chose',
  'packages/claude/src/processes/read-ps.ts': 'fixed words',
  'packages/gateway/src/cli/login.ts': 'words that its owner types, to their own program',
  'packages/gateway/src/cli/open/start-browser.ts':
    'the gateway’s own address, or that of a file; a link that signs in is in the file',
  'packages/gateway/src/cli/mcp/install-command.ts':
    'words that its owner types, each an argument of its own, to their own program',
  'packages/gateway/src/host/free-memory.ts': 'fixed words',
  'packages/gateway/src/host/run-command.ts':
    'words of ours and of the owner’s own file, each an argument of its own; ids and titles of issues are checked, or come in by stdin',
  'packages/gateway/src/host/process-memory.ts': 'fixed words, and a number',
};

/** Where a shell is the point: a command that its owner wrote for one. */
const shells: Record<string, string> = {
  'packages/gateway/src/cron/shell/run-shell.ts':
    'a job’s command, which a caller that is bound to a bot can not make; setup and tests of the owner’s own list',
};

/** Who has them started there. */
const askers: Record<string, string> = {
  'packages/gateway/src/away/repo-commands.ts': 'setup and tests of the owner’s own list',
};

test('every program that is started is one that we know of', () => {
  const found = sources.filter(({ text }) =>
    /^import (?!type\b)[^;]*'node:child_process'/m.test(text),
  );
  expect(found.map(({ path }) => path).toSorted()).toEqual(
    [...Object.keys(starts), ...Object.keys(shells)].toSorted(),
  );
});

test.each([
  ['a shell is asked for', /\bshell:\s*(true|['"`/])/],
  ['exec is imported', /import \{[^}]*\bexec(Sync)?\b[^}]*\} from 'node:child_process'/],
  ['a shell is started by its name', /(spawn|execFile)(Sync)?\(\s*['"`](\/bin\/)?(ba|z|da)?sh\b/],
  ['a text becomes code', /\beval\(|new Function\(|node:vm/],
])('nowhere but in shell jobs: %s', (_what, pattern) => {
  const found = sources.filter(
    ({ path, text }) => !(path in shells || path in askers) && pattern.test(text),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});
