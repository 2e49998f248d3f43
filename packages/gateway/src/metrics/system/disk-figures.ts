import { statfs } from 'node:fs/promises';
import { round } from './round.ts';

const gigabyte = 2 ** 30;

/** Of one file system: to ask for all of them waits for those that are away. */
export async function diskFigures(directory: string) {
  const { blocks, bsize, bfree, bavail } = await statfs(directory);
  const free = bavail * bsize;
  const used = (blocks - bfree) * bsize;
  return {
    disk_total_gb: round((blocks * bsize) / gigabyte, 1),
    disk_used_gb: round(used / gigabyte, 1),
    disk_free_gb: round(free / gigabyte, 1),
    // As `df` counts: what is kept for the system is neither used nor free.
    disk_used_percent: used + free === 0 ? 0 : Math.ceil((used / (used + free)) * 100),
  };
}
