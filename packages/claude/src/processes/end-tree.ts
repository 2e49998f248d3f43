import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type ProcessEntry } from './process-list.ts';

/**
 * The processes to end: those that carry the marker, and all that descend from them or from `root`.
 * Neither alone is enough: each shell that Claude opens is a session of its own, and a daemon leaves
 * the tree but keeps the environment, while another may keep its parent and clear its environment.
 */
export function selectTree(
  processes: readonly ProcessEntry[],
  belongs: (marker: string) => boolean,
  root?: number,
): number[] {
  const selected = new Set<number>();
  const visit = (pid: number): void => {
    if (selected.has(pid)) return;
    selected.add(pid);
    for (const entry of processes) if (entry.parent === pid) visit(entry.pid);
  };
  for (const { pid, marker } of processes) {
    if (pid === root || (marker !== undefined && belongs(marker))) visit(pid);
  }
  // A gateway that was itself started by a Claude of ours must not end itself.
  selected.delete(process.pid);
  return [...selected];
}

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
  root?: number,
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
