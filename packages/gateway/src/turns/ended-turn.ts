import type { TokenUsage } from '@mini-claude-bot/claude';
import type { ErrorCode, TurnState } from '@mini-claude-bot/contract';
import type { Origin } from './lane.ts';

/** What is counted of a turn when it ends: nothing of what was said, or where. */
export interface EndedTurn {
  readonly origin: Origin;
  readonly state: TurnState;
  readonly errorCode: ErrorCode | undefined;
  /** In milliseconds. */
  readonly waitedMs: number;
  /** From its begin to its end, in milliseconds; undefined where it did not run. */
  readonly ranMs: number | undefined;
  /** From its begin to its first text, in milliseconds; undefined where there was none. */
  readonly firstTextMs: number | undefined;
  readonly usage: TokenUsage | undefined;
}
