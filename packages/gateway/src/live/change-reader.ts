import type { LiveChange, LiveEvent } from '@mini-claude-bot/contract';
import { changeName, joined } from './joined-changes.ts';

/** Changes that wait for a reader that is slow. One more, and it is told to read everything. */
const mostWaiting = 200;

/** What one reader has yet to hear: each thing once, whatever has become of it meanwhile. */
export class ChangeReader {
  readonly #botId: string | undefined;
  readonly #waiting = new Map<string, LiveChange>();
  #lost = false;
  #wake = (): void => {};

  /** @param botId of this bot only */
  constructor(botId: string | undefined) {
    this.#botId = botId;
  }

  add(change: LiveChange): void {
    if (this.#botId !== undefined && change.bot_id !== this.#botId) return;
    if (this.#lost) return;
    const name = changeName(change);
    this.#waiting.set(name, joined(this.#waiting.get(name), change));
    if (this.#waiting.size > mostWaiting) this.lose();
    else this.#wake();
  }

  /** It can't be told what has changed. */
  lose(): void {
    this.#waiting.clear();
    this.#lost = true;
    this.#wake();
  }

  /** As they come, until the signal is aborted. */
  async *read(gone: AbortSignal): AsyncGenerator<LiveEvent> {
    while (!gone.aborted) {
      const next = this.#next();
      if (next === undefined) await this.#somethingOr(gone);
      else yield next;
    }
  }

  #next(): LiveEvent | undefined {
    if (this.#lost) {
      this.#lost = false;
      return { topic: 'reset' };
    }
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    this.#waiting.delete(first[0]);
    return first[1];
  }

  #somethingOr(gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        gone.removeEventListener('abort', wake);
        this.#wake = () => {};
        resolve();
      };
      this.#wake = wake;
      gone.addEventListener('abort', wake, { once: true });
    });
  }
}
