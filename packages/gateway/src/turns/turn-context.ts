import type { TurnId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { LaneKey } from './lane.ts';

/** A turn as those see it who have something to tell beside its message. */
export interface ContextTurn extends LaneKey {
  readonly id: TurnId;
  readonly prompt: string;
  /** The conversation that it goes on with; undefined: Claude knows nothing yet. */
  readonly conversationId: string | undefined;
}

/** Something that Claude is told beside a message. */
export interface ContextPiece {
  readonly text: string;
  /**
   * Claude was told. Called in the transaction that ends the turn, and again if that failed: it must do
   * nothing but write.
   */
  readonly onTold?: () => void;
}

/** Somebody who may have something to tell. */
export interface ContextSource {
  /** For the log. */
  readonly name: string;
  /** May take {@link longestMs}; whoever takes longer is not waited for. */
  readonly tell: (turn: ContextTurn, signal: AbortSignal) => Promise<ContextPiece | undefined>;
}

/** A turn is not held up for longer than that. */
const longestMs = 2_000;

/**
 * Gathers what Claude is told beside a message: memories, the state of a harness, results of tasks. It is
 * no part of what the user said, and a turn goes on without what can't be had.
 */
export class TurnContext {
  readonly #sources: ContextSource[] = [];
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** In the order in which they are told. */
  add(source: ContextSource): void {
    this.#sources.push(source);
  }

  async gather(turn: ContextTurn, signal: AbortSignal): Promise<readonly ContextPiece[]> {
    if (this.#sources.length === 0) return [];
    const found = await Promise.all(this.#sources.map((source) => this.#ask(source, turn, signal)));
    return found.filter((piece) => piece !== undefined && piece.text !== '') as ContextPiece[];
  }

  async #ask(
    source: ContextSource,
    turn: ContextTurn,
    signal: AbortSignal,
  ): Promise<ContextPiece | undefined> {
    const tooLong = new AbortController();
    let cancel = (): void => {};
    const late = new Promise<undefined>((resolve) => {
      cancel = this.#clock.after(longestMs, () => {
        tooLong.abort();
        resolve(undefined);
      });
    });
    try {
      const told = source.tell(turn, AbortSignal.any([signal, tooLong.signal]));
      return await Promise.race([told, late]);
    } catch (error) {
      this.#logger.warn({ err: error, turn: turn.id, source: source.name }, 'a context is missing');
      return undefined;
    } finally {
      cancel();
    }
  }
}

/** All pieces as one text; undefined where there is nothing to tell. */
export const contextText = (pieces: readonly ContextPiece[]): string | undefined =>
  pieces.length === 0 ? undefined : pieces.map(({ text }) => text).join('\n\n');
