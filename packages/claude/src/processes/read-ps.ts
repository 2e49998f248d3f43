import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { markerIn, type ProcessEntry } from './process-entry.ts';

/**
 * macOS: `ps -E` shows the environment behind the command. It does so for this user's processes, but not
 * for the system's own programs such as `/bin/sleep`: those are known by their parents alone.
 */
export async function readPs(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-AwwE', '-o', 'pid=,ppid=,stat=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return parsePs(stdout);
}

/** The processes in lines of pid, parent, state and command with its environment. */
export const parsePs = (output: string): ProcessEntry[] => output.split('\n').flatMap(parseLine);

function parseLine(line: string): ProcessEntry[] {
  const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)(.*)$/.exec(line) ?? [];
  // A zombie is dead already: it only waits for its parent to notice.
  if (pid === undefined || command === undefined || state?.startsWith('Z')) return [];
  return [{ pid: Number(pid), parent: Number(parent), marker: markerIn(command.split(' ')) }];
}
