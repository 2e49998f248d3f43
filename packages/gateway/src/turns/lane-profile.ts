import type { ChatKey } from '@mini-claude-bot/contract';
import type { LaneKey, LaneKind } from './lane.ts';
import type { LiveTurn } from './live-turn.ts';
import type { RunResult } from './turn-runner.ts';
import type { TurnSessions } from './turn-sessions.ts';
import type { TurnRow } from './turns-repo.ts';
import type { TurnLimits } from './watchdog.ts';

/** What becomes of a turn that was running when the gateway ended. */
export type AfterRestart =
  /** It ends, and its chat is told: nobody can know what it had done already. */
  | { readonly kind: 'interrupted' }
  /** It runs again, on the conversation as far as it came; Claude is told this instead of the message. */
  | { readonly kind: 'resumed'; readonly prompt: string };

/** How the turns of a kind of lane are: all that is not the same for a chat, a task and a schedule. */
export interface LaneProfile {
  /** Somebody waits for the answer. What works by itself leaves one slot to those. */
  readonly attended: boolean;
  readonly limits: TurnLimits;
  /** Of one lane, where they are not the same for all. */
  readonly limitsOf?: (place: LaneKey) => TurnLimits;
  /** How long a turn may wait for its start, in milliseconds; Infinity: as long as it takes. */
  readonly waitMs: number;
  /** Turns of one lane that may wait. */
  readonly queueMax: number;
  readonly sessions: TurnSessions;
  /** Under which conversation of the chat history its messages are kept, and as coming from where. */
  readonly storedUnder: (place: LaneKey) => { readonly sessionId: string; readonly source: string };
  /** Whose things the gateway's tools reach; unset, or undefined: those of the lane's own chat. */
  readonly toolChat?: (place: LaneKey) => ChatKey | undefined;
  readonly afterRestart: (turn: TurnRow) => AfterRestart;
  /**
   * Called in the transaction that ends a turn: what it writes is there together with the end, or not at
   * all. It may be called again when the transaction failed, so it must do nothing but write.
   */
  readonly onEnd?: (turn: LiveTurn, result: RunResult) => void;
  /** Called once the end is written. Must not throw. */
  readonly afterEnd?: (turn: LiveTurn, result: RunResult) => void;
}

/** The profiles by kind of lane: each part that runs turns brings its own. */
export class LaneProfiles {
  readonly #profiles = new Map<LaneKind, LaneProfile>();

  register(kind: LaneKind, profile: LaneProfile): void {
    this.#profiles.set(kind, profile);
  }

  of(kind: LaneKind): LaneProfile {
    const profile = this.#profiles.get(kind);
    if (profile === undefined) throw new Error(`there is no profile for lanes of the kind ${kind}`);
    return profile;
  }
}
