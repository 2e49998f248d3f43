import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { markerVariable } from '../environment.ts';

/** A running process of this user. `marker` is set when it, or what it descends from, is Claude's. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly marker?: string | undefined;
}

/** All processes there are, with the markers of those whose environment may be read. */
export const listProcesses = (): Promise<ProcessEntry[]> =>
  process.platform === 'linux' ? listFromProc() : listFromPs();

async function listFromProc(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc');
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readProc));
  return entries.filter((entry) => entry !== undefined);
}

async function readProc(pid: string): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name stands in parentheses and may hold any character: fields are counted from behind it.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie is dead already: it only waits for its parent to notice.
  if (state === 'Z') return undefined;
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return { pid: Number(pid), parent: Number(parent), marker: markerIn(environment.split('\0')) };
}

const markerIn = (assignments: readonly string[]): string | undefined =>
  assignments
    .find((line) => line.startsWith(`${markerVariable}=`))
    ?.slice(markerVariable.length + 1);

/** macOS: `ps -E` shows the environment behind the command, for processes that may be looked at. */
async function listFromPs(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-AwwE', '-o', 'pid=,ppid=,stat=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), marker: markerIn(command.split(' ')) }];
  });
}
