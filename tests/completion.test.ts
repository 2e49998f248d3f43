import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacks } from './support/needs.ts';

const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-completion-'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const printed = run(process.execPath, [program, 'completion', shell]);
    writeFileSync(join(directory, shell), printed);
  }
  writeFileSync(join(directory, 'old.db'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(command: string, words: readonly string[]): string {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory ?? '/nowhere',
    FPATH: process.env.FPATH ?? '',
  };
  const { stdout, stderr, status } = spawnSync(command, words, {
    encoding: 'utf8',
    cwd: directory,
    env,
  });
  if (status !== 0 || stderr !== '') throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The words typed so far, the last of which is to be completed, and what it may become. */
const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['tok'], ['token']],
  [
    ['token', ''],
    ['create', 'list', 'revoke'],
  ],
  [['token', 'create', '--b'], ['--bot']],
  [['token', 'create', 'name', '--bot', 'hero', '--e'], ['--expires']],
  [
    ['cron', 'add', '--on', ''],
    ['always', 'failure', 'change'],
  ],
  [
    ['outbox', 'list', '--state', 'd'],
    ['delivered', 'dead'],
  ],
  [['mcp', 'install', '--scope', 'p'], ['project']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['chat', '--no'], ['--no-thinking']],
  [['frob', 'ini'], ['init']],
];

/** What bash offers: the function that it was told to call, called as it does. */
function bashOffers(words: readonly string[]): string[] {
  const typed = ['mini-claude-bot', ...words];
  const script = `
    source "$1"; shift
    [[ $(complete -p mini-claude-bot) =~ -F\\ ([^ ]+) ]] || exit 1
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
    "\${BASH_REMATCH[1]}" mini-claude-bot "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', ['--norc', '-c', script, 'bash', join(directory, 'bash'), ...typed])
    .split('\n')
    .filter((word) => word !== '');
}

describe.skipIf(lacks('bash'))('bash', () => {
  test.each(cases)('%j', (words, offered) => {
    expect(bashOffers(words).toSorted()).toEqual([...offered].toSorted());
  });

  test('all commands and all options', () => {
    expect(bashOffers([''])).toEqual(
      expect.arrayContaining(['start', 'chat', 'adopt', 'init', 'doctor']),
    );
    expect(bashOffers(['adopt', '-'])).toEqual(
      expect.arrayContaining(['--env', '--dry-run', '--yes', '--undo', '--json', '--help']),
    );
  });
});

describe.skipIf(lacks('fish'))('fish', () => {
  test.each(cases)('%j', (words, offered) => {
    const line = ['mini-claude-bot', ...words].join(' ');
    const script = `source "${join(directory, 'fish')}"; complete -C '${line}'`;
    const found = run('fish', ['--no-config', '-c', script])
      .split('\n')
      .map((word) => word.split('\t')[0] ?? '')
      .filter((word) => word !== '');
    expect(found.toSorted()).toEqual([...offered].toSorted());
  });
});

describe.skipIf(lacks('zsh'))('zsh', () => {
  test('takes the script', () => {
    expect(run('zsh', ['-f', '-n', join(directory, 'zsh')])).toBe('');
  });

  // Its completion system needs a line editor; what our function offers it is looked at in place of that.
  test.each(cases)('%j', (words, offered) => {
    const script = `
      compdef() { };
      source "$1"; shift
      compadd() { shift; print -l -- "$@" }
      _describe() { print -l -- "\${(@P)2}" }
      _files() { }
      words=("$@"); CURRENT=$#
      _mini_claude_bot`;
    const current = words.at(-1) ?? '';
    const found = run('zsh', [
      '-f',
      '-c',
      script,
      'zsh',
      join(directory, 'zsh'),
      'mini-claude-bot',
      ...words,
    ])
      .split('\n')
      .map((word) => word.split(':')[0] ?? '')
      .filter((word) => word !== '' && word.startsWith(current));
    expect(found.toSorted()).toEqual([...offered].toSorted());
  });
});

test('a shell that is not known is refused', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, 'completion', 'tcsh'], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('bash, zsh, fish');
});
