import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses } from './process-list.ts';
import { selectTree, type TreeRoot } from './select-tree.ts';

const tries = 20;
const pauseMs = 50;

/** End a process. @returns false when it is another user's, as behind `sudo`: that one is not ours to end */
function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EPERM') return false;
    // One that is gone already is what was wanted.
    if (code !== 'ESRCH') throw error;
  }
  return true;
}

/**
 * End every process of this user that belongs, at once, and whatever they start meanwhile.
 * @returns how many were ended
 * @throws when some are still there after a second: a process that even SIGKILL does not end
 */
export async function endTree(
  belongs: (marker: string) => boolean,
  root?: TreeRoot,
): Promise<number> {
  const ended = new Set<number>();
  const notOurs = new Set<number>();
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = selectTree(await listProcesses(), belongs, root);
    const pids = found.filter((pid) => !notOurs.has(pid));
    if (pids.length === 0) return ended.size;
    for (const pid of pids) (kill(pid) ? ended : notOurs).add(pid);
    await sleep(pauseMs);
  }
  throw new Error(`processes of Claude could not be ended: ${[...ended].join(', ')}`);
}
