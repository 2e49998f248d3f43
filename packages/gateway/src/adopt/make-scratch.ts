import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const beginning = '.mcb-adopt-';

/** Make a directory to prepare things in; those of processes that were ended before they had removed theirs go. */
export function makeScratch(place: string): string {
  for (const name of readdirSync(place)) {
    const owner = name.startsWith(beginning)
      ? /^\d+(?=-)/.exec(name.slice(beginning.length))
      : null;
    if (owner !== null && !isAlive(Number(owner[0])))
      rmSync(join(place, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(place, `${beginning}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user's is not ours to be sent anything.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
