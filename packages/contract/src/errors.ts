import { z } from 'zod';

/**
 * Every way in which a call or a turn can fail: its HTTP status, and what it means. This table is the
 * only place that knows both; HTTP, SSE and MCP each map from it.
 */
export const errorCatalogue = {
  invalid_input: { status: 422, meaning: 'A field is missing, of the wrong type or out of range.' },
  malformed_json: { status: 422, meaning: 'The body is not JSON.' },
  not_found: { status: 404, meaning: 'There is no such route, or nothing with this id.' },
  unauthorized: { status: 401, meaning: 'A valid token is required.' },
  forbidden: { status: 403, meaning: 'The caller may not do this.' },
  conflict: { status: 409, meaning: 'There is one of that name already, or it changed meanwhile.' },
  unsupported_media_type: { status: 415, meaning: 'A body must be sent as application/json.' },
  body_too_large: { status: 413, meaning: 'The request body is over the limit.' },
  message_too_large: { status: 413, meaning: 'The message is longer than a chat may send.' },
  url_too_long: { status: 414, meaning: 'The address of the request is over the limit.' },
  too_many_requests: {
    status: 429,
    meaning: 'Too many at once, or in too short a time. `Retry-After` says when to try again.',
  },
  internal: { status: 500, meaning: 'A fault of the gateway. Its log says more.' },
  database_unavailable: { status: 503, meaning: 'The database cannot be written at the moment.' },
  secret_unreadable: {
    status: 503,
    meaning: 'A stored secret cannot be read with the present key file.',
  },
  configuration_invalid: {
    status: 503,
    meaning: "A file that the gateway's owner wrote can't be used; the message says where.",
  },
  github_unavailable: { status: 503, meaning: 'GitHub could not be asked; `gh` says why.' },
  shutting_down: { status: 503, meaning: 'The gateway is stopping and takes no new work.' },
  queue_timeout: {
    status: 503,
    meaning: 'The message waited too long behind others. It was not run.',
  },
  queue_full: { status: 429, meaning: 'Too many messages of this chat are waiting already.' },
  memory_low: { status: 503, meaning: 'The machine has too little free memory to run Claude.' },
  directory_unusable: { status: 503, meaning: "The chat's working directory cannot be used." },
  claude_missing: { status: 503, meaning: 'The Claude Code program was not found.' },
  claude_too_old: {
    status: 503,
    meaning: 'The Claude Code program is older than the gateway needs.',
  },
  claude_start_failed: { status: 503, meaning: 'Claude Code did not start.' },
  not_logged_in: {
    status: 503,
    meaning: 'Claude Code is not logged in, or its login was refused.',
  },
  rate_limited: { status: 429, meaning: "The account's limit at Anthropic is reached." },
  overloaded: { status: 503, meaning: "Anthropic's servers are overloaded." },
  billing: { status: 503, meaning: 'Anthropic refused for reasons of billing or of the account.' },
  prompt_too_long: { status: 413, meaning: 'The conversation is too long for the model.' },
  model_unavailable: {
    status: 503,
    meaning: 'The configured model does not exist or is not allowed.',
  },
  budget_spent: { status: 503, meaning: 'What the work may cost is spent.' },
  api_error: { status: 503, meaning: 'The call to the model failed.' },
  claude_crashed: { status: 503, meaning: 'Claude Code ended in the middle of a turn.' },
  claude_killed: {
    status: 503,
    meaning: 'Claude Code was ended by the system, as it does when memory runs out.',
  },
  no_progress: { status: 503, meaning: 'Claude made no progress for too long, and was ended.' },
  turn_timeout: { status: 503, meaning: 'The turn took longer than it may.' },
  interrupted: { status: 503, meaning: 'The gateway stopped while the turn was running.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];
export type ErrorCode = keyof typeof errorCatalogue;
export const ErrorCode = z.enum(errorCodes);

/** One fault of an input, in the form that existing clients know. */
export const ValidationIssue = z.object({
  loc: z
    .array(z.union([z.string(), z.number()]))
    .describe('Where: "body", "query" or "path", then the field.'),
  msg: z.string(),
  type: z.string(),
});
export type ValidationIssue = z.infer<typeof ValidationIssue>;

/** The answer to a call that failed names the error's code in this header; `detail` has the words. */
export const errorCodeHeader = 'x-error-code';

export const ErrorBody = z.object({ detail: z.union([z.string(), z.array(ValidationIssue)]) });
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The one error of the system. `message` is meant for a person: what happened, to whom, what to do;
 * it never holds a secret. Faults that are nobody's input are thrown as they are and become `internal`.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly issues: readonly ValidationIssue[];
  /** Whole seconds after which the same may work. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { issues?: readonly ValidationIssue[]; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.issues = options.issues ?? [];
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}
