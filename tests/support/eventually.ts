import { setTimeout as sleep } from 'node:timers/promises';

/** Wait until something that nobody announces has become true. Fails loudly when it never does. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let tries = 0; tries < 800; tries += 1) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await sleep(25);
  }
  throw new Error(`this never happened: ${what}`);
}
