import { onTestFinished } from 'vitest';

/** Collect the rejections that nobody handles, which would end the process, until the test has finished. */
export function collectUnhandledRejections(): unknown[] {
  const collected: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  const collect = (reason: unknown): void => void collected.push(reason);
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', collect);
  onTestFinished(() => {
    process.off('unhandledRejection', collect);
    for (const listener of others) process.on('unhandledRejection', listener);
  });
  return collected;
}
