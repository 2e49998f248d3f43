/** Calls back once after `ms`, unless cancelled by the function that comes back. */
export type After = (ms: number, callback: () => void) => () => void;

export const systemAfter: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

/** Resolves after `ms`, or as soon as the signal is aborted. */
export async function pause(ms: number, after: After, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let cancel = (): void => {};
  let wake = (): void => {};
  try {
    await new Promise<void>((resolve) => {
      wake = resolve;
      cancel = after(ms, resolve);
      signal.addEventListener('abort', wake, { once: true });
    });
  } finally {
    cancel();
    signal.removeEventListener('abort', wake);
  }
}
