import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of 19 steps (nice(1)): where cores are short, the gateway gets one ten times as readily. */
const niceness = 10;
const tries = 10;
const tryAgainMs = 150;

/**
 * Let a process, and what it starts, stand back behind others when cores are short: what Claude and its
 * tools compute must not hold up those who wait for an answer of ours. As far as the system lets us.
 * Linux counts priorities within a session only where it groups processes by session, and has one for
 * each group then (https://man7.org/linux/man-pages/man7/sched.7.html, "The autogroup feature").
 */
export async function lowerPriority(pid: number): Promise<void> {
  try {
    setPriority(pid, niceness);
  } catch {
    // It is gone already, or the system does not let us.
  }
  if (process.platform !== 'linux') return;
  // The system takes only so many a second.
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (await setGroupPriority(pid)) return;
    await sleep(tryAgainMs, undefined, { ref: false });
  }
}

/** @returns false when it is to be tried again */
const setGroupPriority = (pid: number): Promise<boolean> =>
  writeFile(`/proc/${pid}/autogroup`, String(niceness)).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'EAGAIN'),
  );
