import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Wait until something that nobody announces has become true. Fails loudly when it never does.
 * @param tries how often to look, 25 ms apart
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  tries = 800,
): Promise<T> {
  for (let n = 0; n < tries; n += 1) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await sleep(25);
  }
  throw new Error(`this never happened: ${what}`);
}
