import type { ChatKey, TurnId } from '@mini-claude-bot/contract';
import type { LaneKey } from './lane.ts';
import type { LiveTurn } from './live-turn.ts';

/** The turns that have not ended. */
export class LiveTurns {
  readonly #turns = new Map<TurnId, LiveTurn>();

  add(turn: LiveTurn): void {
    this.#turns.set(turn.id, turn);
  }

  get(id: TurnId): LiveTurn | undefined {
    return this.#turns.get(id);
  }

  /** @returns whether it was there */
  delete(id: TurnId): boolean {
    return this.#turns.delete(id);
  }

  all(): LiveTurn[] {
    return [...this.#turns.values()];
  }

  /** In all lanes of a chat. */
  ofChat({ botId, chatId }: ChatKey): LiveTurn[] {
    return this.all().filter(({ chat }) => chat.botId === botId && chat.chatId === chatId);
  }

  ofLane({ chat, lane }: LaneKey): LiveTurn[] {
    return this.ofChat(chat).filter((turn) => turn.lane === lane);
  }

  /** The turn of a lane that runs. */
  running(place: LaneKey): LiveTurn | undefined {
    return this.ofLane(place).find((turn) => turn.running);
  }
}
