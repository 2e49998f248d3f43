import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses } from './process-list.ts';
import { selectTree, type TreeRoot } from './select-tree.ts';

const tries = 20;
const pauseMs = 50;

/** Signal a process; one that is gone already is what was wanted. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * End every process that belongs, at once, and whatever they start meanwhile.
 * @returns how many were ended
 * @throws when some are still there after a second: a process that even SIGKILL does not end
 */
export async function endTree(
  belongs: (marker: string) => boolean,
  root?: TreeRoot,
): Promise<number> {
  const ended = new Set<number>();
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const pids = selectTree(await listProcesses(), belongs, root);
    if (pids.length === 0) return ended.size;
    for (const pid of pids) {
      send(pid, 'SIGKILL');
      ended.add(pid);
    }
    await sleep(pauseMs);
  }
  throw new Error(`processes of Claude could not be ended: ${[...ended].join(', ')}`);
}
