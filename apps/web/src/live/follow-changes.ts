/** How the live connection is. `lost`: it was there, or should be, and is tried again. */
export type LiveState = 'connecting' | 'open' | 'lost';

/** What a live connection is made with. */
export interface LiveParts<T> {
  /** Opens the stream; the first event says that it is open. */
  readonly open: (signal: AbortSignal) => AsyncIterable<T>;
  readonly onEvent: (event: T) => void;
  /** It is open. @param again it was before: whatever happened in between was not told */
  readonly onOpen: (again: boolean) => void;
  readonly onState: (state: LiveState) => void;
  /** It could not be opened, or broke. It is tried again. */
  readonly onFault: (error: unknown) => void;
  /** Resolves after so many milliseconds, or as soon as it may be worth another try. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;

/** Milliseconds before the next try: longer each time, and not the same for all pages that were cut off at once. */
export const waitBefore = (failures: number, random: number): number =>
  Math.min(longestWaitMs, firstWaitMs * 2 ** failures) * (0.5 + random / 2);

/** Keep a stream of changes open until the signal is aborted. Never rejects. */
export async function keepFollowing<T>(parts: LiveParts<T>, signal: AbortSignal): Promise<void> {
  let wasOpen = false;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      let isOpen = false;
      for await (const event of parts.open(signal)) {
        if (!isOpen) {
          isOpen = true;
          failures = 0;
          parts.onState('open');
          parts.onOpen(wasOpen);
          wasOpen = true;
        }
        parts.onEvent(event);
      }
    } catch (error) {
      // Whatever it was: what can be done about it is to try again.
      if (!signal.aborted) parts.onFault(error);
    }
    if (signal.aborted) return;
    parts.onState('lost');
    await parts.wait(waitBefore(failures, parts.random()), signal).catch(() => {});
  }
}
