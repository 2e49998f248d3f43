import { GatewayError } from '@mini-claude-bot/contract';

/** At most so many streams of one caller at a time. */
export class StreamLimit {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * @returns how to give the place back, once
   * @throws GatewayError `too_many_requests`
   */
  take(caller: string): () => void {
    const open = this.#open.get(caller) ?? 0;
    if (open >= this.#max) {
      const words = `${open} streams are open already; more can't be (GATEWAY_MAX_STREAMS). Close one.`;
      throw new GatewayError('too_many_requests', words, { retryAfter: 1 });
    }
    this.#open.set(caller, open + 1);
    let taken = true;
    return () => {
      if (taken) this.#giveBack(caller);
      taken = false;
    };
  }

  #giveBack(caller: string): void {
    const left = (this.#open.get(caller) ?? 1) - 1;
    if (left > 0) this.#open.set(caller, left);
    else this.#open.delete(caller);
  }
}
