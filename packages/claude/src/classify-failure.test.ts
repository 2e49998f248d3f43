import type { SDKRateLimitInfo } from '@anthropic-ai/claude-agent-sdk/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyFailure, type ErrorEvidence } from './classify-failure.ts';
import type { FailureReason } from './failure.ts';

const noonMs = Date.UTC(2026, 0, 2, 12);
const noonSeconds = noonMs / 1000;
const classify = (evidence: Partial<ErrorEvidence>) =>
  classifyFailure({ text: '', ...evidence }, noonMs);

test.each<[Partial<ErrorEvidence>, FailureReason]>([
  [{ kind: 'authentication_failed' }, 'not_logged_in'],
  [{ kind: 'oauth_org_not_allowed' }, 'not_logged_in'],
  [{ status: 401 }, 'not_logged_in'],
  [{ text: 'Not logged in · Please run /login' }, 'not_logged_in'],
  [{ text: 'Invalid API key · Fix external API key' }, 'not_logged_in'],
  [{ kind: 'billing_error' }, 'billing'],
  [{ kind: 'account_on_hold' }, 'billing'],
  [{ status: 402 }, 'billing'],
  [{ kind: 'rate_limit' }, 'rate_limited'],
  [{ status: 429 }, 'rate_limited'],
  [{ text: "You've hit your 5-hour limit" }, 'rate_limited'],
  [{ rateLimit: { status: 'rejected' } }, 'rate_limited'],
  [{ kind: 'overloaded' }, 'overloaded'],
  [{ status: 529 }, 'overloaded'],
  [{ kind: 'model_not_found', status: 404 }, 'model_unavailable'],
  [{ kind: 'invalid_request', status: 413 }, 'prompt_too_long'],
  [{ kind: 'invalid_request', text: 'Prompt is too long' }, 'prompt_too_long'],
  [{ text: 'API Error: 400 input is too long for requested model' }, 'prompt_too_long'],
  [{ kind: 'server_error', status: 500 }, 'api_error'],
  [{ kind: 'unknown' }, 'api_error'],
  [{}, 'api_error'],
  // How a limit stands that is not used up says nothing about another error.
  [{ status: 500, rateLimit: { status: 'allowed_warning' } }, 'api_error'],
])('%j is %s', (evidence, reason) => {
  expect(classify(evidence).reason).toBe(reason);
});

const limited = (rateLimit?: SDKRateLimitInfo): string =>
  classify({ kind: 'rate_limit', rateLimit }).message;

test.each<[SDKRateLimitInfo | undefined, RegExp]>([
  [undefined, /reached its rate limit\. Please try again later\.$/],
  [{ status: 'rejected' }, /rate limit\. Please try again later\.$/],
  [
    { status: 'rejected', rateLimitType: 'five_hour', resetsAt: noonSeconds + 2 * 3600 + 601 },
    /5-hour limit\. It resets at 2026-01-02 14:10 UTC \(in 2 h 11 min\)\.$/,
  ],
  [
    { status: 'rejected', rateLimitType: 'seven_day_opus', resetsAt: noonSeconds + 59 },
    /weekly Opus limit\. It resets at 2026-01-02 12:00 UTC \(in 1 min\)\.$/,
  ],
  [{ status: 'rejected', resetsAt: noonSeconds - 3600 }, /\(in 1 min\)\.$/],
  // The five hours are not what was used up: when they end is beside the point.
  [
    { status: 'allowed', rateLimitType: 'five_hour', resetsAt: noonSeconds + 60 },
    /rate limit\. Please try again later\.$/,
  ],
  [{ status: 'rejected', resetsAt: 1e20 }, /try again later\.$/],
  [{ status: 'rejected', resetsAt: Number.NaN }, /try again later\.$/],
])('%j is told as %s', (rateLimit, message) => {
  expect(limited(rateLimit)).toMatch(message);
});

test('whatever the words, the message is one line of a length for a chat, and gives no key away', () => {
  const words = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\n',
        ' sk-ant-api03-secretsecret ',
        ' Bearer abcdefghijkl ',
        '😀'.repeat(200),
      ),
    ),
  );
  fc.assert(
    fc.property(
      words,
      fc.constantFrom(undefined, 'billing_error', 'model_not_found'),
      (parts, kind) => {
        const { message } = classify({ text: parts.join(''), kind });
        expect(message).not.toMatch(/\n|secretsecret|abcdefghijkl/);
        expect([...message].length).toBeLessThan(420);
        expect(message).not.toMatch(/\p{Surrogate}/u);
      },
    ),
  );
});
