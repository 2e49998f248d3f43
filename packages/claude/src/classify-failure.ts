import type {
  SDKAssistantMessageError,
  SDKRateLimitInfo,
} from '@anthropic-ai/claude-agent-sdk/core';
import type { Failure, FailureReason } from './failure.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What is known of a turn that ended in an error. */
export interface ErrorEvidence {
  /** The kind that the CLI put on its last error message. */
  readonly kind?: SDKAssistantMessageError | undefined;
  /** HTTP status of the last API answer. */
  readonly status?: number | null | undefined;
  /** The CLI's own words. */
  readonly text: string;
  readonly rateLimit?: SDKRateLimitInfo | undefined;
  /** What the session may cost is spent. */
  readonly budgetSpent?: boolean;
}

const byKind: Partial<Record<SDKAssistantMessageError, FailureReason>> = {
  authentication_failed: 'not_logged_in',
  oauth_org_not_allowed: 'not_logged_in',
  verification_required: 'not_logged_in',
  cloud_credential_error: 'not_logged_in',
  account_on_hold: 'billing',
  billing_error: 'billing',
  rate_limit: 'rate_limited',
  overloaded: 'overloaded',
  model_not_found: 'model_unavailable',
};

const byStatus: Readonly<Record<number, FailureReason>> = {
  401: 'not_logged_in',
  402: 'billing',
  413: 'prompt_too_long',
  429: 'rate_limited',
  529: 'overloaded',
};

function reasonOf(evidence: ErrorEvidence): FailureReason {
  const { kind, status, text, rateLimit, budgetSpent } = evidence;
  if (budgetSpent) return 'budget_spent';
  if (/prompt is too long|input is too long|exceeds? the (model's )?context/i.test(text)) {
    return 'prompt_too_long';
  }
  const known = kind === undefined ? undefined : byKind[kind];
  if (known !== undefined) return known;
  if (rateLimit?.status === 'rejected' || /hit your .*limit/i.test(text)) return 'rate_limited';
  if (/not logged in|please run \/login|invalid api key/i.test(text)) return 'not_logged_in';
  return byStatus[status ?? 0] ?? 'api_error';
}

const limitNames: Readonly<Record<string, string>> = {
  five_hour: '5-hour limit',
  seven_day: 'weekly limit',
  seven_day_opus: 'weekly Opus limit',
  seven_day_sonnet: 'weekly Sonnet limit',
};

/** "2 h 10 min", rounded up so that nobody comes back too early. */
function inWords(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

function rateLimitMessage(rateLimit: SDKRateLimitInfo | undefined, nowMs: number): string {
  // Claude also tells how limits stand that are not used up: it is another one that refused then.
  const reached = rateLimit?.status === 'rejected' ? rateLimit : undefined;
  const name = limitNames[reached?.rateLimitType ?? ''] ?? 'rate limit';
  const what = `The Claude account of this bot has reached its ${name}.`;
  const at = minuteOf(reached?.resetsAt);
  if (reached?.resetsAt === undefined || at === undefined) return `${what} Please try again later.`;
  return `${what} It resets at ${at} UTC (in ${inWords(reached.resetsAt - nowMs / 1000)}).`;
}

/** "2026-08-01 12:30" of a time in Unix seconds that came from outside. */
function minuteOf(seconds: number | undefined): string | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

/** The CLI's words, in one line and short enough for a chat. */
const excerpt = (text: string): string => {
  const characters = [...withoutSecrets(text).replace(/\s+/g, ' ').trim()];
  return characters.length > 300 ? `${characters.slice(0, 299).join('')}…` : characters.join('');
};

function messageOf(reason: FailureReason, evidence: ErrorEvidence, nowMs: number): string {
  switch (reason) {
    case 'not_logged_in':
      return (
        'Claude is not logged in on the machine that runs this bot, or its login was refused. ' +
        'Its owner can fix that with: mini-claude-bot login'
      );
    case 'rate_limited':
      return rateLimitMessage(evidence.rateLimit, nowMs);
    case 'overloaded':
      return "Anthropic's servers are overloaded at the moment. Please try again in a few minutes.";
    case 'billing':
      return `Anthropic refused the request because of the account or its billing: ${excerpt(evidence.text)}`;
    case 'prompt_too_long':
      return 'This conversation has become too long for the model. Stop the chat to start a new one.';
    case 'budget_spent':
      return 'What this may cost is spent.';
    case 'model_unavailable':
      return `The configured model can't be used (CLAUDE_MODEL): ${excerpt(evidence.text)}`;
    default:
      return `Claude could not answer: ${excerpt(evidence.text) || 'it gave no reason'}. Please try again.`;
  }
}

/**
 * What to make of a turn that ended in an error.
 * @param nowMs the present, in Unix milliseconds, for "resets in …"
 */
export function classifyFailure(evidence: ErrorEvidence, nowMs: number): Failure {
  const reason = reasonOf(evidence);
  return { reason, message: messageOf(reason, evidence, nowMs) };
}
