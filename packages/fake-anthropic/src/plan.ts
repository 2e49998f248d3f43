/** A page that a web search found. */
export type FoundPage = { readonly title: string; readonly url: string };

/** What a reply contains, in order. A pause is no content block, a web search is two, all else is one. */
export type ContentItem =
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool_use'; readonly name: string; readonly input: Record<string, unknown> }
  /** A search that the API itself has made: what was asked, and what was found. */
  | {
      readonly kind: 'web_search';
      readonly query: string;
      readonly results: readonly FoundPage[];
    }
  /** Nothing is sent for so many milliseconds. */
  | { readonly kind: 'pause'; readonly ms: number };

/** Why a reply ended, as the API names it. */
export type StopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'pause_turn'
  | 'refusal';

/** How a reply ends once its content is sent. All but `complete` leave it without `message_stop`. */
export type Ending =
  /** Without a stop reason: `tool_use` if the content has a tool call, else `end_turn`. */
  | { readonly kind: 'complete'; readonly stopReason?: StopReason }
  /** The stream stays open and silent until the client leaves. */
  | { readonly kind: 'hang' }
  /** The socket is destroyed. */
  | { readonly kind: 'cut' }
  /** An event whose data is broken JSON, or bytes that are no event at all; then the stream ends. */
  | { readonly kind: 'malformed'; readonly how: 'json' | 'garbage' }
  /** An `error` event inside the stream, which has status 200. */
  | { readonly kind: 'error_event'; readonly errorType: string; readonly message: string };

/** How text and thinking are cut into deltas. */
export type Chunking =
  | { readonly by: 'word' }
  | { readonly by: 'characters'; readonly count: number };

/** A reply with status 200. */
export type MessagePlan = {
  readonly kind: 'message';
  readonly content: readonly ContentItem[];
  readonly ending: Ending;
  /** Milliseconds before the headers. */
  readonly delayMs: number;
  /** Milliseconds from one delta to the next, on an absolute timeline; 0 sends them at once. */
  readonly intervalMs: number;
  readonly chunking: Chunking;
  readonly headers: Readonly<Record<string, string>>;
};

/** A refusal in the API's error form. */
export type ErrorPlan = {
  readonly kind: 'error';
  readonly status: number;
  /** Without it: the type the API uses for this status. */
  readonly errorType?: string;
  readonly message?: string;
  readonly delayMs: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** What the fake does with one request. */
export type ReplyPlan =
  | MessagePlan
  | ErrorPlan
  /** No byte is sent; the request stays open until the client leaves. */
  | { readonly kind: 'hang' }
  /** The socket is destroyed before the headers. */
  | { readonly kind: 'cut' };

export const thinking = (text: string): ContentItem => ({ kind: 'thinking', text });
export const text = (value: string): ContentItem => ({ kind: 'text', text: value });
export const pause = (ms: number): ContentItem => ({ kind: 'pause', ms });
export const toolUse = (name: string, input: Record<string, unknown>): ContentItem => ({
  kind: 'tool_use',
  name,
  input,
});
export const webSearch = (query: string, ...results: readonly FoundPage[]): ContentItem => ({
  kind: 'web_search',
  query,
  results,
});
export const bash = (command: string): ContentItem =>
  toolUse('Bash', { command, description: 'Run a scripted command' });

/** A reply that arrives whole: `reply(thinking('Hm.'), text('Hello!'))`. */
export function reply(...content: readonly ContentItem[]): MessagePlan {
  return {
    kind: 'message',
    content,
    ending: { kind: 'complete' },
    delayMs: 0,
    intervalMs: 0,
    chunking: { by: 'word' },
    headers: {},
  };
}

/** Refuse with an HTTP status: `refuse(529)`, `refuse(429, { headers: { 'retry-after': '1' } })`. */
export function refuse(
  status: number,
  details: Partial<Omit<ErrorPlan, 'kind' | 'status'>> = {},
): ErrorPlan {
  return { kind: 'error', status, delayMs: 0, headers: {}, ...details };
}

/**
 * Refuse as a subscription whose limit is used up. The CLI takes it for that only when it signs in with an
 * OAuth token. Header names as the API sends them to the CLI.
 * @param resetsAtMs when the limit is lifted, Unix time in milliseconds
 */
export function usageLimit(resetsAtMs: number): ErrorPlan {
  const reset = String(Math.ceil(resetsAtMs / 1000));
  return refuse(429, {
    message: 'This request would exceed your account’s rate limit. Please try again later.',
    headers: {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': reset,
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
      'anthropic-ratelimit-unified-5h-status': 'rejected',
      'anthropic-ratelimit-unified-5h-reset': reset,
      'anthropic-ratelimit-unified-5h-utilization': '1.0',
    },
  });
}

/** Never answer. */
export const hang = (): ReplyPlan => ({ kind: 'hang' });
/** Drop the connection without an answer. */
export const cut = (): ReplyPlan => ({ kind: 'cut' });

/** The same reply, but sent with so many milliseconds from one delta to the next. */
export const paced = (plan: MessagePlan, intervalMs: number): MessagePlan => ({
  ...plan,
  intervalMs,
});

/** The same reply, but ending otherwise: `endingWith(reply(text('Half an ')), { kind: 'cut' })`. */
export const endingWith = (plan: MessagePlan, ending: Ending): MessagePlan => ({ ...plan, ending });
