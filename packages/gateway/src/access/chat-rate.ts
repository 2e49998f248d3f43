import { type ChatKey, GatewayError } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import { chatKeyText } from '../sessions/chat-key.ts';
import { RateLimit } from './rate-limit.ts';

/** How many messages of one chat are taken in a minute, where the owner has set a figure. */
export class ChatRate {
  readonly #limit: RateLimit | undefined;
  readonly #perMinute: number;

  /** @param perMinute 0: any number */
  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#limit = perMinute === 0 ? undefined : new RateLimit(perMinute, clock);
  }

  /** To be called before a message is accepted. @throws GatewayError `too_many_requests` */
  take(chat: ChatKey): void {
    const waitMs = this.#limit?.take(chatKeyText(chat)) ?? 0;
    if (waitMs === 0) return;
    const retryAfter = Math.ceil(waitMs / 1000);
    throw new GatewayError(
      'too_many_requests',
      `This chat may send ${this.#perMinute} messages a minute. Please try again in ${retryAfter} s.`,
      { retryAfter },
    );
  }
}
