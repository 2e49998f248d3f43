import { statfs } from 'node:fs/promises';
import type { Probe } from './health-finding.ts';

const megabyte = 1_000_000;
/** On a small disk the configured room may be more than it has. */
const leastShare = 0.05;

/** Whether there is room where that is. @param what begins the sentence; leastMb: megabytes that should be free */
export function probeDisk(what: string, path: string, leastMb: number): Probe {
  return async () => {
    const { bavail, blocks, bsize } = await statfs(path);
    const [free, size] = [bavail * bsize, blocks * bsize];
    if (free >= Math.min(leastMb * megabyte, size * leastShare)) return undefined;
    return {
      id: 'disk_full',
      found: `The disk that ${what} on has ${Math.floor(free / megabyte)} MB left.`,
      fix: 'Make room: what is accepted can soon not be stored.',
      restart_helps: false,
    };
  };
}
