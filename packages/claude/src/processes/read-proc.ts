import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { markerIn, type ProcessEntry } from './process-entry.ts';

/** While a process becomes another program (execve), its environment is empty for a moment. */
const readAgainMs = 10;
const kernelThreads = 2;

/** Linux: the processes in `/proc`. One that ends while it is read is left out. */
export async function readProc(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc');
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readEntry));
  return entries.filter((entry) => entry !== undefined);
}

async function readEntry(pid: string): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  const place = stat === undefined ? undefined : placeInStat(stat);
  if (place === undefined) return undefined;
  let environment = await readEnvironment(pid);
  if (environment === '' && place.parent !== kernelThreads) {
    await sleep(readAgainMs);
    environment = await readEnvironment(pid);
  }
  return { pid: Number(pid), ...place, marker: markerIn(environment?.split('\0') ?? []) };
}

/** @returns undefined where it may not be read, or the process is gone */
const readEnvironment = (pid: string): Promise<string | undefined> =>
  readFile(`/proc/${pid}/environ`, 'utf8').catch(() => undefined);

/**
 * Parent and session in the text of `/proc/PID/stat`; undefined for a zombie, which is dead already and
 * only waits for its parent to notice.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function placeInStat(stat: string): Pick<ProcessEntry, 'parent' | 'session'> | undefined {
  // The name stands in parentheses and may hold any character: fields are counted from behind it.
  const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { parent: Number(parent), session: Number(session) };
}
