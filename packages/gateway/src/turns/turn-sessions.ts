import type { SessionRequest } from '../claude/claude-runtime.ts';
import type { LaneKey } from './lane.ts';

/** A session that is ready to be asked: its row and its directory are there. */
export interface OpenSession extends SessionRequest {
  readonly place: LaneKey;
  /** The conversation of Claude's that it goes on with; undefined: it begins one. */
  readonly conversationId: string | undefined;
}

/** What a turn was to its session. */
export interface FinishedTurn {
  /** Claude was asked. */
  readonly ran: boolean;
  /** US dollars that the conversation has cost in all. */
  readonly totalCostUsd: number | undefined;
  readonly claudeSessionId: string | undefined;
}

/** Where turns of a kind of lane find the session that they run on. */
export interface TurnSessions {
  /** Make sure that there is one. Called in the transaction that accepts a turn. */
  readonly register: (place: LaneKey) => void;
  /** @throws GatewayError `directory_unusable` */
  readonly open: (place: LaneKey) => Promise<OpenSession>;
  /** Claude said which conversation this is. It can be resumed by that id from now on. Must not throw. */
  readonly noteClaudeSession: (session: OpenSession, claudeSessionId: string) => void;
  /** Called in the transaction that ends a turn. @returns what the turn cost, in US dollars */
  readonly finishTurn: (place: LaneKey, finished: FinishedTurn) => number | undefined;
}

/** The CLI counts a conversation's cost on; should it begin anew, all that it says is this turn's. */
export const costOfTurn = (before: number, total: number): number =>
  total >= before ? total - before : total;
