import type { ChatKey } from '@mini-claude-bot/contract';
import type { PlannedInterruption, PlannedMessage, RoundPlan } from './workload.ts';

// Times are in milliseconds of this process's monotonic clock.

/** How one try to get a message answered ended. */
export type AttemptEnd =
  /** The client was told the outcome. */
  | { readonly kind: 'told'; readonly content: string; readonly at: number }
  /** `error`: the message was not run, and the client sends it again. */
  | { readonly kind: 'not-run'; readonly content: string; readonly at: number }
  /** The connection broke. */
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'left' }
  /** Something that the contract does not know. */
  | { readonly kind: 'odd'; readonly what: string };

/** One try to get a message answered. */
export interface Attempt {
  readonly via: 'send' | 'stream';
  readonly sentAt: number;
  /** The turn that the stream spoke of, and when. */
  readonly turn: { readonly id: string; readonly at: number } | undefined;
  readonly end: AttemptEnd;
}

/** A message with what its client went through. */
export interface ObservedMessage {
  readonly planned: PlannedMessage;
  readonly attempts: readonly Attempt[];
}

/** A stop or reset. Without `doneAt` its answer was lost. */
export interface ObservedInterruption {
  readonly planned: PlannedInterruption;
  readonly sentAt: number;
  readonly doneAt: number | undefined;
}

/** A request that reached the model. */
export interface ModelRequest {
  /** Which start of the gateway the asking process belongs to. */
  readonly generation: number;
  readonly prompt: string;
  readonly earlierPrompts: readonly string[];
  readonly receivedAt: number;
}

/** A process that should not be there. */
export interface LeftProcess {
  readonly pid: number;
  readonly generation: number;
  readonly command: string;
  /** When it was seen. */
  readonly when: string;
}

/** A turn with its rows, as stored. */
export interface StoredTurn {
  readonly seq: number;
  readonly id: string;
  readonly bot: string;
  readonly chat: string;
  readonly state: string;
  readonly errorCode: string | null;
  readonly prompt: string;
  readonly answer: string | null;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

/** What the database holds after a death. */
export interface Stored {
  readonly turns: readonly StoredTurn[];
  /** Things that may never be so, whatever happened: one sentence each. */
  readonly damage: readonly string[];
}

/** A start of the gateway that came through. */
export interface GatewayStart {
  readonly generation: number;
  readonly readyAt: number;
}

/** All that is known of a round, for the checks. */
export interface RoundEvidence {
  readonly plan: RoundPlan;
  readonly chats: readonly ChatKey[];
  /** Those planned, and the probes. */
  readonly messages: readonly ObservedMessage[];
  readonly interruptions: readonly ObservedInterruption[];
  readonly requests: readonly ModelRequest[];
  /** How often each message's tool ran, by the message's id. */
  readonly toolRuns: ReadonlyMap<string, number>;
  readonly starts: readonly GatewayStart[];
  readonly left: readonly LeftProcess[];
  /** What the file held after each death but the last, in their order. */
  readonly deaths: readonly Stored[];
  /** What it held when the round was over. */
  readonly stored: Stored;
  /** Chats that were still busy when everybody had an answer, and other things that did not end. */
  readonly stuck: readonly string[];
}

/** What a check found. */
export interface Fault {
  readonly check: string;
  readonly chat?: string;
  readonly message?: string;
  readonly what: string;
}
