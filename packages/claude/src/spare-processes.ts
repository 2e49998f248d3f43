import type { SDKUserMessage, SpareProcess } from '@anthropic-ai/claude-agent-sdk/core';
import { ClaudeChild } from './child.ts';
import { InputQueue } from './input-queue.ts';
import { type ClaudeSettings, checkDirectory, hostOptions } from './launch.ts';
import { LiveSession } from './live-session.ts';
import { PromptContext } from './prompt-context.ts';
import { loadSdk } from './sdk.ts';
import { within } from './within.ts';

/** By then an ordinary start would have been quicker. */
const usualClaimLimitMs = 5_000;
/** Spares that died one after another without being used, before no more are started. */
const mostDeaths = 3;

interface Parked {
  readonly child: ClaudeChild;
  readonly spare: SpareProcess;
  readonly context: PromptContext;
}

/** What spares need to be made. */
export interface SpareParts {
  readonly settings: ClaudeSettings;
  /** How many are kept ready. */
  readonly size: number;
  readonly newMarker: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A spare that has not answered by then, in milliseconds, is frozen, and is ended. */
  readonly claimLimitMs?: number;
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
  /** All that are not yet a session's: parking, ready, or being claimed. */
  readonly #children = new Set<ClaudeChild>();
  #deaths = 0;
  #closed = false;

  constructor(parts: SpareParts) {
    this.#parts = parts;
  }

  /** Park as many as are missing. Returns at once. */
  fill(): void {
    const missing = this.#parts.size - this.#ready.length - this.#parking.size;
    for (let n = 0; n < missing && !this.#closed; n += 1) {
      const parking = this.#park()
        .catch(this.#parts.onFault)
        .finally(() => this.#parking.delete(parking));
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
   * @throws ClaudeError `directory_unusable`
   */
  async take(directory: string): Promise<LiveSession | undefined> {
    if (this.#closed) return undefined;
    await checkDirectory(directory);
    const parked = this.#ready.shift();
    if (parked === undefined) return undefined;
    try {
      return await this.#claim(parked, directory);
    } catch (error) {
      this.#parts.onFault(error);
      await this.#end(parked).catch(this.#parts.onFault);
      return undefined;
    } finally {
      this.#children.delete(parked.child);
      this.fill();
    }
  }

  /** End every spare. Sessions that were made of one live on. */
  async close(): Promise<void> {
    this.#closed = true;
    const ready = this.#ready.splice(0);
    await Promise.all([
      ...ready.map((parked) => this.#end(parked)),
      ...[...this.#children].map((child) => child.end()),
    ]);
    await this.settled();
  }

  async #claim({ child, spare, context }: Parked, directory: string): Promise<LiveSession> {
    const { settings, claimLimitMs = usualClaimLimitMs } = this.#parts;
    const { permissionMode } = settings;
    const input = new InputQueue<SDKUserMessage>();
    const options = { cwd: directory, permissionMode };
    const query = spare.claim({ prompt: input, options });
    let claimed = false;
    const answer = spare.claimed.then(() => {
      claimed = true;
    });
    await within(claimLimitMs, answer);
    if (!claimed) throw new Error('a spare Claude process did not answer');
    if (this.#closed) throw new Error('the gateway is being stopped');
    this.#deaths = 0;
    return new LiveSession({ query, input, child, context, now: this.#parts.now });
  }

  async #park(): Promise<void> {
    const { settings, newMarker, onFault } = this.#parts;
    const marker = newMarker();
    const child = new ClaudeChild(marker);
    const context = new PromptContext();
    this.#children.add(child);
    try {
      const { prewarm } = await loadSdk();
      const spare = await prewarm({ options: hostOptions(settings, child, marker, context) });
      // It settles when the spare dies unclaimed, too: nobody waits for it then.
      spare.claimed.catch(() => {});
      if (this.#closed) return await this.#end({ child, spare });
      this.#ready.push({ child, spare, context });
      void child.exited.then(() => this.#replace(child));
    } catch (error) {
      this.#children.delete(child);
      await child.end();
      if (!this.#closed) onFault(error);
    }
  }

  /** A spare died before anybody took it. */
  #replace(child: ClaudeChild): void {
    const index = this.#ready.findIndex((parked) => parked.child === child);
    if (index < 0) return;
    this.#ready.splice(index, 1);
    this.#children.delete(child);
    this.#deaths += 1;
    if (this.#deaths < mostDeaths) this.fill();
    else this.#parts.onFault(new Error('spare Claude processes keep ending; no more are started'));
  }

  /** Its parking directory goes with it. */
  async #end({ child, spare }: Omit<Parked, 'context'>): Promise<void> {
    await child.end();
    await spare[Symbol.asyncDispose]();
    this.#children.delete(child);
  }
}
