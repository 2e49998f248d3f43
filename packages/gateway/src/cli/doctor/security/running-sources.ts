import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigSources } from '../../settings.ts';

/**
 * What a gateway that runs was configured with: the environment that it was started with, and the `.env`
 * file of the directory that it was started in. Linux tells both to its user
 * (https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html); undefined where it does not.
 * @param pid as the gateway wrote it down
 */
export function runningSources(pid: string): ConfigSources | undefined {
  if (!/^\d+$/.test(pid)) return undefined;
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    const processEnvironment = Object.fromEntries(pairs.map(nameAndValue));
    return { processEnvironment, envFile: join(readlinkSync(`/proc/${pid}/cwd`), '.env') };
  } catch {
    return undefined;
  }
}

function nameAndValue(pair: string): [string, string] {
  const end = pair.indexOf('=');
  return end < 0 ? [pair, ''] : [pair.slice(0, end), pair.slice(end + 1)];
}
