import { readdirSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * Processes that have a file open, as far as this user may see: their ids.
 * @returns undefined where the system has no `/proc` that would tell
 */
export function processesWithFile(path: string): number[] | undefined {
  const real = realpathSync(path);
  const processes = namesIn('/proc').filter((name) => /^\d+$/.test(name));
  if (processes.length === 0) return undefined;
  return processes
    .filter((id) => Number(id) !== process.pid)
    .filter((id) => namesIn(`/proc/${id}/fd`).some((n) => linkOf(`/proc/${id}/fd/${n}`) === real))
    .map(Number);
}

// A process may end while it is looked at, and those of others tell nothing.
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
