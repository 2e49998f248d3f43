import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses } from '../../src/processes/process-list.ts';

/** The processes whose marker begins so. */
export const markedProcesses = async (prefix: string): Promise<number[]> =>
  (await listProcesses()).filter(({ marker }) => marker?.startsWith(prefix)).map(({ pid }) => pid);

/** It runs; one that only waits to be noticed as dead does not. */
export const isRunning = async (pid: number): Promise<boolean> =>
  (await listProcesses()).some((entry) => entry.pid === pid);

/**
 * Ask again and again until the answer is neither undefined nor false: for what nothing tells of, such as
 * a process that is gone.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await sleep(25);
  }
  throw new Error(`it did not come about: ${what}`);
}
