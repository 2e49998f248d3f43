import { setTimeout as sleep } from 'node:timers/promises';

/** Wait for something, but no longer than so many milliseconds. The wait alone keeps no process alive. */
export async function within(milliseconds: number, event: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const { signal } = timer;
  try {
    await Promise.race([event, sleep(milliseconds, undefined, { signal, ref: false })]);
  } finally {
    timer.abort();
  }
}
