import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { ClaudeError } from './failure.ts';

/**
 * The Claude Code program to run.
 * @param chosen a path that the owner names; without one, the program that comes with the Agent SDK
 * @returns an absolute path: each session runs in a directory of its own
 * @throws ClaudeError `claude_missing`
 */
export async function findClaude(chosen: string | undefined): Promise<string> {
  if (chosen === undefined) return bundledClaude();
  if (await isProgram(chosen)) return resolve(chosen);
  const why = `Claude Code was not found: CLAUDE_BIN=${chosen} is not a program that can be run.`;
  const what = 'Its owner can correct that path, or remove CLAUDE_BIN to use the bundled program.';
  throw new ClaudeError('claude_missing', `${why} ${what}`);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // A directory that may be entered counts as executable, too.
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function bundledClaude(): string {
  const require = createRequire(import.meta.url);
  const base = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`;
  for (const name of process.platform === 'linux' ? [base, `${base}-musl`] : [base]) {
    try {
      return require.resolve(`${name}/claude`);
    } catch {
      // The other one may be there.
    }
  }
  throw new ClaudeError(
    'claude_missing',
    `Claude Code was not found: npm did not install it for ${process.platform}-${process.arch}. ` +
      'Install it from https://code.claude.com and set CLAUDE_BIN to its path.',
  );
}
