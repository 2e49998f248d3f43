import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../packages/gateway/dist/main.js', import.meta.url));

/** The gateway as its users run it: a process, started in a directory, with an environment. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its address, once it listens. Fails when it ends before. */
  readonly url: Promise<string>;
  /** How it ended. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A directory of a test's own. */
export const scratchDirectory = (): string => mkdtempSync(join(tmpdir(), 'mcb-test-'));

/**
 * @param log a file that gets its stderr, in place of {@link GatewayProcess.stderr}
 * @param umask of the process, in octal; unset: that of the tests
 */
export function spawnGateway(
  environment: Record<string, string>,
  cwd: string,
  log: 'pipe' | number = 'pipe',
  umask?: string,
): GatewayProcess {
  const stdio: StdioOptions = ['pipe', 'pipe', log];
  const options = { cwd, env: environment, stdio };
  const child =
    umask === undefined
      ? spawn(process.execPath, [main], options)
      : spawn('sh', ['-c', `umask ${umask}; exec "$0" "$1"`, process.execPath, main], options);
  let stdout = '';
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const listening = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const url = /listens on (\S+)/.exec(stdout)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const url = Promise.race([
    listening,
    exited.then(({ code }) => Promise.reject(new Error(`it ended with ${code}: ${stderr}`))),
  ]);
  url.catch(() => {});
  return { child, url, exited, stdout: () => stdout, stderr: () => stderr };
}
