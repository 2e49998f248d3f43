import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Finding, ok, problem, warning } from './finding.ts';

const megabyte = 1_000_000;

/** Whether there is room where things are written. @param leastMb less than that, in megabytes, is trouble */
export function checkDisk(what: string, path: string, leastMb: number): Finding {
  const { bavail, bsize } = statfsSync(nearest(path));
  const freeMb = Math.floor((bavail * bsize) / megabyte);
  if (freeMb >= 4 * leastMb) return ok('disk', `${what} has ${freeMb} MB of room.`);
  const fix = 'Make room on that disk: what is accepted can soon not be stored.';
  const found = `${what} has ${freeMb} MB of room left (${path}).`;
  return freeMb < leastMb ? problem('disk', found, fix) : warning('disk', found, fix);
}

const nearest = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
