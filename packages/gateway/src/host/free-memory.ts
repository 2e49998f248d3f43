import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path/posix';
import { promisify } from 'node:util';

/** The text of a file of the system, or undefined where there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

const readSystemFile: ReadFile = (path) => readFile(path, 'utf8').catch(() => undefined);

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
  return Math.min(ofMachine, ...(await leftByGroups(read)));
}

/** What each limit on the way from this process's group up to the top leaves. */
async function leftByGroups(read: ReadFile): Promise<number[]> {
  const lines = ((await read('/proc/self/cgroup')) ?? '').trim().split('\n');
  const left: number[] = [];
  for (const line of lines) {
    const [, controllers, group = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '')
      left.push(...(await leftOnTheWay('/sys/fs/cgroup', group, leftV2, read)));
    if (controllers?.split(',').includes('memory')) {
      left.push(...(await leftOnTheWay('/sys/fs/cgroup/memory', group, leftV1, read)));
    }
  }
  return left;
}

type LeftIn = (directory: string, read: ReadFile) => Promise<number | undefined>;

async function leftOnTheWay(
  root: string,
  group: string,
  leftIn: LeftIn,
  read: ReadFile,
): Promise<number[]> {
  const left: number[] = [];
  for (let path = group; ; path = dirname(path)) {
    const bytes = await leftIn(join(root, path), read);
    if (bytes !== undefined) left.push(bytes);
    if (path === '/' || path === '.') return left;
  }
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#memory; "max" means no limit. */
async function leftV2(directory: string, read: ReadFile): Promise<number | undefined> {
  const limit = bytesOf(await read(join(directory, 'memory.max')));
  const used = bytesOf(await read(join(directory, 'memory.current')));
  if (limit === undefined || used === undefined) return undefined;
  const cache = fieldOf(await read(join(directory, 'memory.stat')), 'inactive_file') ?? 0;
  return Math.max(0, limit - used + cache);
}

/** https://docs.kernel.org/admin-guide/cgroup-v1/memory.html; no limit is a very large number. */
async function leftV1(directory: string, read: ReadFile): Promise<number | undefined> {
  const limit = bytesOf(await read(join(directory, 'memory.limit_in_bytes')));
  const used = bytesOf(await read(join(directory, 'memory.usage_in_bytes')));
  if (limit === undefined || used === undefined) return undefined;
  const cache = fieldOf(await read(join(directory, 'memory.stat')), 'total_inactive_file') ?? 0;
  return Math.max(0, limit - used + cache);
}

const bytesOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+\s*$/.test(text) ? Number(text) : undefined;

/** The number behind a name, in `name 12` or `name: 12 kB`. */
function fieldOf(text: string | undefined, name: string): number | undefined {
  const value = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
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
