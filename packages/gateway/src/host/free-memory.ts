import { execFile } from 'node:child_process';
import { freemem } from 'node:os';
import { promisify } from 'node:util';
import { fieldOf, memoryGroups, type ReadFile, readSystemFile } from './control-groups.ts';

/**
 * Bytes of memory that programs can still be given: the least of what the machine has available and what
 * the limits of this process's control groups leave.
 */
export async function freeMemory(): Promise<number> {
  if (process.platform === 'linux') return freeOnLinux(readSystemFile);
  if (process.platform === 'darwin') return freeOnMac();
  return freemem();
}

export async function freeOnLinux(read: ReadFile): Promise<number> {
  const available = fieldOf(await read('/proc/meminfo'), 'MemAvailable');
  const ofMachine = available === undefined ? freemem() : available * 1024;
  const left = (await memoryGroups(read)).map(({ limit, used }) => Math.max(0, limit - used));
  return Math.min(ofMachine, ...left);
}

async function freeOnMac(): Promise<number> {
  const { stdout } = await promisify(execFile)('vm_stat');
  return freeInVmStat(stdout);
}

/** Pages that are free, or that the system gives away as soon as somebody needs them. */
export function freeInVmStat(text: string): number {
  const pageSize = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? 4096);
  const pages = ['free', 'inactive', 'speculative', 'purgeable'].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0),
  );
  return pages.reduce((sum, count) => sum + count, 0) * pageSize;
}
