import { z } from 'zod';
import type { CallFailure } from './telegram.ts';
import { withoutToken } from './without-token.ts';

/** What Telegram answers when it does not do it (https://core.telegram.org/bots/api#making-requests). */
const Refusal = z.object({
  error_code: z.int(),
  description: z.string(),
  parameters: z
    .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.int().optional() })
    .default({}),
});

/** Codes of the system for a connection that was never made: nothing can have arrived. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const defaultWaitMs = 5_000;

/** What the fault of a call means. */
export function classifyFailure(fault: unknown, token: string): CallFailure {
  const refusal = Refusal.safeParse(fault);
  if (refusal.success) return readRefusal(refusal.data, token);
  const code = codeOf(fault);
  const words = code ?? (fault instanceof Error ? fault.message : String(fault));
  const taken = code === undefined || !neverConnected.has(code);
  return { kind: 'unreachable', taken, words: withoutToken(words, token) };
}

function readRefusal(
  { error_code: status, description, parameters }: z.output<typeof Refusal>,
  token: string,
): CallFailure {
  const words = withoutToken(description, token);
  if (status === 429) {
    const seconds = parameters.retry_after;
    return {
      kind: 'rate_limited',
      retryAfterMs: seconds === undefined ? defaultWaitMs : seconds * 1000,
      words,
    };
  }
  // Of a token that no bot has, the path itself is unknown to the server.
  if (status === 401 || status === 404) return { kind: 'token_refused', words };
  if (status === 403) return { kind: 'forbidden', words };
  if (status >= 500) return { kind: 'server_error', status, words };
  const to = parameters.migrate_to_chat_id;
  return to === undefined ? { kind: 'rejected', status, words } : { kind: 'moved', to, words };
}

const Caused = z.object({ cause: z.unknown() });
const Inner = z.object({ error: z.unknown() });
const Coded = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]+$/) });

/** The system's code in a fault of the network, which is wrapped a few times. */
function codeOf(fault: unknown, depth = 0): string | undefined {
  if (depth > 5) return undefined;
  const own = Coded.safeParse(fault);
  if (own.success) return own.data.code;
  const inner = Inner.safeParse(fault).data?.error ?? Caused.safeParse(fault).data?.cause;
  return inner === undefined ? undefined : codeOf(inner, depth + 1);
}
