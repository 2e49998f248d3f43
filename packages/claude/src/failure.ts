/** Why Claude could not be run, or did not finish. */
export type FailureReason =
  | 'claude_missing'
  | 'claude_too_old'
  | 'claude_start_failed'
  | 'directory_unusable'
  | 'not_logged_in'
  | 'rate_limited'
  | 'overloaded'
  | 'billing'
  | 'prompt_too_long'
  | 'model_unavailable'
  /** A session that may cost so much has cost it. */
  | 'budget_spent'
  | 'api_error'
  | 'claude_crashed'
  /** Ended by the system, as it does when memory runs out. */
  | 'claude_killed';

/** A failure in words for the person in the chat: what happened, and what to do. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
}

/** Thrown where Claude could not even be started. */
export class ClaudeError extends Error {
  override readonly name = 'ClaudeError';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
