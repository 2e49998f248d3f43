import {
  prewarm,
  type SDKUserMessage,
  type SpareProcess,
} from '@anthropic-ai/claude-agent-sdk/core';
import { ClaudeChild } from './child.ts';
import { InputQueue } from './input-queue.ts';
import { type ClaudeSettings, hostOptions } from './launch.ts';
import { LiveSession } from './live-session.ts';

interface Parked {
  readonly child: ClaudeChild;
  readonly spare: SpareProcess;
}

/** What spares need to be made. */
export interface SpareParts {
  readonly settings: ClaudeSettings;
  /** How many are kept ready. */
  readonly size: number;
  readonly newMarker: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A spare could not be parked or claimed: the session is started in the ordinary way. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Claude processes that are up before their session is known, so that a new chat's first answer need not
 * wait for one to start. They can serve new conversations only: a spare takes no resume. The SDK calls
 * this feature alpha, so whatever goes wrong here only means that no spare is used.
 */
export class SpareProcesses {
  readonly #parts: SpareParts;
  readonly #ready: Parked[] = [];
  readonly #parking = new Set<Promise<void>>();
  readonly #children = new Set<ClaudeChild>();
  #closed = false;

  constructor(parts: SpareParts) {
    this.#parts = parts;
  }

  /** Park as many as are missing. Returns at once. */
  fill(): void {
    const missing = this.#parts.size - this.#ready.length - this.#parking.size;
    for (let n = 0; n < missing && !this.#closed; n += 1) {
      const parking = this.#park().finally(() => this.#parking.delete(parking));
      this.#parking.add(parking);
    }
  }

  /** Resolves when no spare is being started any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#parking);
  }

  /**
   * A session for a new conversation in that directory, on a spare that is ready; undefined when none
   * is, or when it can't serve there (a project's own settings can rule that out).
   */
  async take(directory: string): Promise<LiveSession | undefined> {
    const parked = this.#ready.shift();
    if (parked === undefined) return undefined;
    const { child, spare } = parked;
    this.#children.delete(child);
    const input = new InputQueue<SDKUserMessage>();
    try {
      const query = spare.claim({
        prompt: input,
        options: { cwd: directory, permissionMode: this.#parts.settings.permissionMode },
      });
      await spare.claimed;
      return new LiveSession({ query, input, child, now: this.#parts.now });
    } catch (error) {
      this.#parts.onFault(error);
      await child.end();
      return undefined;
    } finally {
      this.fill();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#children].map((child) => child.end()));
    await this.settled();
  }

  async #park(): Promise<void> {
    const marker = this.#parts.newMarker();
    const child = new ClaudeChild(marker);
    this.#children.add(child);
    try {
      const spare = await prewarm({ options: hostOptions(this.#parts.settings, child, marker) });
      // It settles when the spare dies unclaimed, too: nobody waits for it then.
      spare.claimed.catch(() => {});
      if (this.#closed) return await child.end();
      this.#ready.push({ child, spare });
      void child.exited.then(() => this.#forget(child));
    } catch (error) {
      this.#children.delete(child);
      await child.end();
      if (!this.#closed) this.#parts.onFault(error);
    }
  }

  #forget(child: ClaudeChild): void {
    const index = this.#ready.findIndex((parked) => parked.child === child);
    if (index >= 0) this.#ready.splice(index, 1);
    this.#children.delete(child);
  }
}
