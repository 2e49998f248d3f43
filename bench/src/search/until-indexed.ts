import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@mini-claude-bot/client';
import { type OutputOf, operations } from '@mini-claude-bot/contract';

export type SearchStatus = OutputOf<typeof operations.searchStatus>;

const lookEveryMs = 250;
/** With nothing indexed for so long, it never will be. */
const stalledAfterMs = 180_000;

/** What is still to be done before every row is found by its words. */
export const wordsWaiting = ({ chat, memory }: SearchStatus): number =>
  chat.waiting + memory.waiting;

/** The same, and by its vector. */
export const vectorsWaiting = (status: SearchStatus): number =>
  wordsWaiting(status) + status.chat.unembedded + status.memory.unembedded;

/**
 * Wait until nothing waits.
 * @returns the gateway's last word on it
 * @throws when it makes no progress for three minutes
 */
export async function untilIndexed(
  client: Client,
  waiting: (status: SearchStatus) => number,
): Promise<SearchStatus> {
  let least = Number.POSITIVE_INFINITY;
  let progressAt = performance.now();
  for (;;) {
    const status = await client.call(operations.searchStatus, {});
    const now = waiting(status);
    if (now === 0) return status;
    if (now < least) progressAt = performance.now();
    least = Math.min(least, now);
    if (performance.now() - progressAt > stalledAfterMs)
      throw new Error(`${now} rows wait to be indexed, and none is: ${JSON.stringify(status)}`);
    await sleep(lookEveryMs);
  }
}
