import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Memory that a process holds, in MiB: its resident set, shared pages included. */
export async function residentMiB(pid: number): Promise<number> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
    return Number(stdout) / 1024;
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** How long a process has had processors, all of its threads together, in seconds; see proc_pid_stat(5). */
export async function processorSeconds(pid: number): Promise<number> {
  const [, usage] = (await usageOf(String(pid))) ?? [];
  if (usage === undefined) throw new Error(`the system does not tell what process ${pid} has used`);
  return usage.ticks / ticksPerSecond;
}

/** What Linux counts processor time in, for programs. */
const ticksPerSecond = 100;

interface Usage {
  readonly parent: number;
  readonly ticks: number;
}

async function usageOf(pid: string): Promise<[number, Usage] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return undefined;
  // Fields are counted from behind the name, which may hold spaces; see proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return [Number(pid), { parent: Number(fields[1]), ticks }];
}

/** Clock ticks that all descendants of this process have used. */
async function ticksOfDescendants(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map(usageOf));
  const all = new Map(entries.filter((entry) => entry !== undefined));
  let sum = 0;
  for (const { parent, ticks } of all.values()) if (descends(parent, all)) sum += ticks;
  return sum;
}

function descends(parent: number, all: ReadonlyMap<number, Usage>): boolean {
  for (let pid = parent; pid > 1; pid = all.get(pid)?.parent ?? 0)
    if (pid === process.pid) return true;
  return false;
}

const watchMs = 100;
const longestMs = 2_500;
/** Twenty idle Claude processes together take a tick now and then. */
const idleTicks = 2;

/**
 * Wait until nothing that this process started is at work any more, so that one sample does not pay for
 * the end of the last: for 100 ms next to no processor time. Gives up after 2.5 s.
 */
export async function untilQuiet(): Promise<void> {
  if (process.platform !== 'linux') return void (await sleep(1_500));
  const deadline = performance.now() + longestMs;
  let before = await ticksOfDescendants();
  while (performance.now() < deadline) {
    await sleep(watchMs);
    const now = await ticksOfDescendants();
    if (Math.abs(now - before) <= idleTicks) return;
    before = now;
  }
}

/**
 * How long the main thread of a process has been ready to run while others had the cores, in milliseconds;
 * 0 where the system does not tell. See sched-stats in the documentation of Linux.
 */
export async function waitedForCoreMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').catch(() => '');
  return Number(stat.split(' ')[1] ?? 0) / 1e6;
}
