import type { TurnId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Message } from './live-turn.ts';
import type { LiveTurns } from './live-turns.ts';
import type { TurnReaders } from './turn-readers.ts';
import type { TurnRow, TurnsRepo } from './turns-repo.ts';

/**
 * How long a repeated message waits for the connection that it replaces to be found dead: the news of a
 * cut and the message that is sent again travel on two connections, and may arrive in either order.
 */
const cutNoticeMs = 300;

/** How long after its end the answer of a turn whose reader was lost waits for the message to be repeated. */
const repeatWithinMs = 10 * 60_000;

/** What repeats are told by. */
export interface RepeatedMessagesParts {
  readonly turns: TurnsRepo;
  readonly live: LiveTurns;
  readonly readers: TurnReaders;
  readonly clock: Clock;
}

/** Tells a message that is sent again, because its connection broke, from one that is said twice. */
export class RepeatedMessages {
  readonly #parts: RepeatedMessagesParts;

  constructor(parts: RepeatedMessagesParts) {
    this.#parts = parts;
  }

  /**
   * The oldest turn of the same words, in the same chat, by the same user, whose end nobody heard and
   * nobody waits for. It stays such a turn until somebody was told.
   */
  find(message: Message): TurnRow | undefined {
    return this.#lost(message).find(({ id }) => !this.#parts.readers.has(id));
  }

  /** Resolves when the reader that the message may come from again was found gone, if it is. */
  async cutNoticed(message: Message): Promise<void> {
    const { readers, clock } = this.#parts;
    const alike = this.#alike(message);
    if (!alike.some((id) => readers.has(id))) return;
    let cancel = (): void => {};
    const enough = new Promise<void>((resolve) => {
      cancel = clock.after(cutNoticeMs, resolve);
    });
    await Promise.race([readers.oneLeaves(alike), enough]);
    cancel();
  }

  #alike(message: Message): TurnId[] {
    const live = this.#parts.live
      .ofLane(message)
      .filter(({ prompt, userId }) => prompt === message.text && userId === message.userId);
    return [...live, ...this.#lost(message)].map(({ id }) => id);
  }

  #lost({ chat, text, userId }: Message): TurnRow[] {
    const { turns, clock } = this.#parts;
    return turns.findLostReaders(chat, text, userId, clock.now() - repeatWithinMs);
  }
}
