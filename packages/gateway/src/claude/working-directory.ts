import { stat } from 'node:fs/promises';
import type { DirectoryIdentity } from '../sessions/workspace.ts';

/** Where a process is, whatever its path by now; undefined where the system does not say, or it is gone. */
export async function workingDirectory(pid: number): Promise<DirectoryIdentity | undefined> {
  if (process.platform !== 'linux') return undefined;
  const there = await stat(`/proc/${pid}/cwd`).catch(() => undefined);
  return there === undefined ? undefined : `${there.dev}:${there.ino}`;
}
