import type { Failure } from './failure.ts';

/** What happens while Claude answers, in order. */
export type ClaudeEvent =
  /** The session's id became known, or changed. It can be resumed by it from now on. */
  | { readonly type: 'session'; readonly sessionId: string; readonly model: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly name: string; readonly input: string }
  /** Streamed text was taken back. `kept` is all of the reply that still stands. */
  | { readonly type: 'restart'; readonly reason: string; readonly kept: string }
  | { readonly type: 'notice'; readonly text: string };

/** Tokens of one turn's main loop. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
}

/** How a turn ended. `text` is what Claude said, also where it did not get to the end. */
export type TurnOutcome =
  | {
      readonly kind: 'completed' | 'interrupted';
      readonly text: string;
      readonly usage?: TokenUsage | undefined;
      /** US dollars since the conversation began: the CLI counts on over a resume. */
      readonly totalCostUsd?: number | undefined;
      /** What it ended with, where a confinement asks for something of a certain form. */
      readonly structured?: unknown;
    }
  | {
      readonly kind: 'failed';
      readonly text: string;
      readonly failure: Failure;
      readonly usage?: TokenUsage | undefined;
      readonly totalCostUsd?: number | undefined;
    };
