/** What one message took, in milliseconds from its sending. */
export interface Sample {
  /** To the first text; undefined where the answer comes in one piece. */
  readonly firstMs?: number;
  /** To the end of the answer. */
  readonly wholeMs: number;
}

/** One way to get an answer. */
export interface Contender {
  readonly id: string;
  readonly label: string;
  /** How often it is measured in each round of a race. */
  readonly perRound: number;
  /** What must be so before each sample. Not measured. */
  readonly prepare?: () => Promise<void>;
  /** Send one message, or several at once: a sample of each. */
  readonly sample: () => Promise<readonly Sample[]>;
  /** What must be cleared away after each sample. Not measured. */
  readonly cleanUp?: () => Promise<void>;
}
