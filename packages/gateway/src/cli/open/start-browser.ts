import { spawn } from 'node:child_process';
import type { Environment } from '../../config/read-environment.ts';

/** A browser that has not failed within that time, in milliseconds, is there. */
const patienceMs = 1_500;

/**
 * Have the system open an address, and don't wait for the browser: it may run on for days.
 * @param platform as `process.platform`
 * @returns why it can't be done, in words; undefined: as far as anybody can tell, it is
 */
export function startBrowser(
  address: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const program = platform === 'darwin' ? 'open' : 'xdg-open';
  const isDesktop =
    platform === 'darwin' ||
    [environment.DISPLAY, environment.WAYLAND_DISPLAY].some((name) => name?.trim());
  if (!isDesktop) return Promise.resolve('There is no desktop here to open a browser on.');
  return new Promise((resolve) => {
    const child = spawn(program, [address], {
      detached: true,
      stdio: 'ignore',
      env: { ...environment },
    });
    const patience = setTimeout(() => resolve(undefined), patienceMs);
    const end = (fault: string | undefined): void => {
      clearTimeout(patience);
      resolve(fault);
    };
    child.once('error', () => end(`${program} can't be started.`));
    child.once('exit', (code) =>
      end(code === 0 ? undefined : `${program} could not open a browser (${code ?? 'ended'}).`),
    );
    child.unref();
  });
}
