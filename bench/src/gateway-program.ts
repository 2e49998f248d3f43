import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GatewayProgram } from './gateway-process.ts';

/**
 * The gateway as `npm start` runs it: built from the sources, with the same flags for Node.
 * @param built a `main.js` to take instead of building one
 */
export async function gatewayProgram(built: string | undefined): Promise<GatewayProgram> {
  const flags = flagsIn(await readFile('package.json', 'utf8'));
  return { program: built ?? (await build()), flags };
}

/** What stands between `node` and the program in the script `start`. */
function flagsIn(packageJson: string): string[] {
  const start = /"start": "node ([^"]*)"/.exec(packageJson)?.[1];
  if (start === undefined) throw new Error('package.json has no script "start" that runs node');
  return start.split(' ').filter((word) => word.startsWith('--'));
}

async function build(): Promise<string> {
  await promisify(execFile)(process.execPath, [join('scripts', 'build.mjs')]);
  const program = join(process.cwd(), 'packages', 'gateway', 'dist', 'main.js');
  await access(program);
  return program;
}
