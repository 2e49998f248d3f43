import type { Clock } from './clock.ts';

/**
 * Resolves after some time.
 * @throws the signal's reason as soon as that is aborted
 */
export async function wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let cancel = (): void => {};
  let onAbort = (): void => {};
  try {
    await new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
      onAbort = resolve;
      signal.addEventListener('abort', onAbort, { once: true });
    });
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
  }
  signal.throwIfAborted();
}
