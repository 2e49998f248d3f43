import type { BotId } from '@mini-claude-bot/contract';

/** Until when bots were told by Telegram to send nothing, Unix milliseconds. */
export class BotPauses {
  readonly #until = new Map<BotId, number>();

  until(botId: BotId): number {
    return this.#until.get(botId) ?? 0;
  }

  pause(botId: BotId, until: number): void {
    this.#until.set(botId, Math.max(until, this.until(botId)));
  }
}
