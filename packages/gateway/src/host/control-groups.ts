import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

/** The text of a file of the system, or undefined where there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

/** These few lines are in memory: they are here sooner than another thread would have been asked for them. */
export const readSystemFile: ReadFile = async (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** A limit on memory, and what is used of it, in bytes. What the system gives away when asked is not used. */
export interface MemoryGroup {
  readonly limit: number;
  readonly used: number;
}

/** A limit on processors. */
export interface CpuGroup {
  /** As many as the group may use, such as 0.5. */
  readonly cores: number;
  /** Time of processors that it has used, in milliseconds. */
  readonly usedMs: number;
}

/** Each limit on memory on the way from this process's control group up to the top. */
export const memoryGroups = (read: ReadFile): Promise<MemoryGroup[]> =>
  limitsOnTheWay(read, 'memory', { v2: memoryV2, v1: memoryV1 });

/** The same for processors. */
export const cpuGroups = (read: ReadFile): Promise<CpuGroup[]> =>
  limitsOnTheWay(read, 'cpu', { v2: cpuV2, v1: cpuV1 });

type LimitIn<T> = (directory: string, read: ReadFile) => Promise<T | undefined>;

async function limitsOnTheWay<T>(
  read: ReadFile,
  controller: string,
  limitIn: { readonly v2: LimitIn<T>; readonly v1: LimitIn<T> },
): Promise<T[]> {
  const lines = ((await read('/proc/self/cgroup')) ?? '').trim().split('\n');
  const found: T[] = [];
  for (const line of lines) {
    const [, controllers, group = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '')
      found.push(...(await walkUp('/sys/fs/cgroup', group, limitIn.v2, read)));
    if (controllers?.split(',').includes(controller)) {
      found.push(...(await walkUp(`/sys/fs/cgroup/${controller}`, group, limitIn.v1, read)));
    }
  }
  return found;
}

async function walkUp<T>(
  root: string,
  group: string,
  limitIn: LimitIn<T>,
  read: ReadFile,
): Promise<T[]> {
  const found: T[] = [];
  for (let path = group; ; path = dirname(path)) {
    const limit = await limitIn(join(root, path), read);
    if (limit !== undefined) found.push(limit);
    if (path === '/' || path === '.') return found;
  }
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#memory; "max" means no limit. */
async function memoryV2(directory: string, read: ReadFile): Promise<MemoryGroup | undefined> {
  const limit = numberIn(await read(join(directory, 'memory.max')));
  const used = numberIn(await read(join(directory, 'memory.current')));
  if (limit === undefined || used === undefined) return undefined;
  const cache = fieldOf(await read(join(directory, 'memory.stat')), 'inactive_file') ?? 0;
  return { limit, used: Math.max(0, used - cache) };
}

/** https://docs.kernel.org/admin-guide/cgroup-v1/memory.html; no limit is a very large number. */
async function memoryV1(directory: string, read: ReadFile): Promise<MemoryGroup | undefined> {
  const limit = numberIn(await read(join(directory, 'memory.limit_in_bytes')));
  const used = numberIn(await read(join(directory, 'memory.usage_in_bytes')));
  if (limit === undefined || used === undefined) return undefined;
  const cache = fieldOf(await read(join(directory, 'memory.stat')), 'total_inactive_file') ?? 0;
  return { limit, used: Math.max(0, used - cache) };
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu: `quota period` in microseconds, or `max period`. */
async function cpuV2(directory: string, read: ReadFile): Promise<CpuGroup | undefined> {
  const [, quota, period] =
    /^(\d+) (\d+)/.exec((await read(join(directory, 'cpu.max'))) ?? '') ?? [];
  const used = fieldOf(await read(join(directory, 'cpu.stat')), 'usage_usec');
  return cpuGroup(Number(quota), Number(period), used, 1_000);
}

/** https://docs.kernel.org/scheduler/sched-bwc.html; -1 means no limit. Use is told in nanoseconds. */
async function cpuV1(directory: string, read: ReadFile): Promise<CpuGroup | undefined> {
  const quota = numberIn(await read(join(directory, 'cpu.cfs_quota_us')));
  const period = numberIn(await read(join(directory, 'cpu.cfs_period_us')));
  const accounts = directory.replace(/^\/sys\/fs\/cgroup\/cpu(?=\/|$)/, '/sys/fs/cgroup/cpuacct');
  const used = numberIn(await read(join(accounts, 'cpuacct.usage')));
  return cpuGroup(quota ?? Number.NaN, period ?? Number.NaN, used, 1_000_000);
}

function cpuGroup(
  quota: number,
  period: number,
  used: number | undefined,
  perMs: number,
): CpuGroup | undefined {
  const cores = quota / period;
  if (!Number.isFinite(cores) || cores <= 0 || used === undefined) return undefined;
  return { cores, usedMs: used / perMs };
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+\s*$/.test(text) ? Number(text) : undefined;

/** The number behind a name, in `name 12` or `name: 12 kB`. */
export function fieldOf(text: string | undefined, name: string): number | undefined {
  const value = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}
