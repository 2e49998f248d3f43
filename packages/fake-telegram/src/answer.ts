/** One call of a bot, as it came. */
export interface Call {
  /** From 1 on, in the order in which calls came. */
  readonly number: number;
  readonly token: string;
  readonly method: string;
  /** The chat that it is about, as the caller wrote it; empty where there is none. */
  readonly chatId: string;
  /** The text or caption. */
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * What is done instead of what was asked. `lost`: it is carried out, and the answer never arrives.
 * `retryAfter` is in seconds.
 */
export type Answer =
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly description?: string;
      readonly retryAfter?: number;
      readonly migrateTo?: number;
    }
  | { readonly kind: 'hang' }
  /** It is carried out at once, and answered after so many milliseconds. */
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'lost'; readonly by: 'hang' | 'cut' }
  /** Not Telegram's, such as the page of a proxy. */
  | { readonly kind: 'garbage'; readonly status: number };

/** Decides how a call is answered; undefined: as Telegram would. */
export type Script = (call: Call) => Answer | undefined;

const usual: Readonly<Record<number, string>> = {
  400: 'Bad Request: wrong request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  429: 'Too Many Requests: retry later',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

/** The body of an answer that refuses (https://core.telegram.org/bots/api#making-requests). */
export function refusalBody(answer: Extract<Answer, { kind: 'refuse' }>): object {
  const { status, retryAfter, migrateTo } = answer;
  const described =
    status === 429 && retryAfter !== undefined
      ? `Too Many Requests: retry after ${retryAfter}`
      : usual[status];
  const parameters = {
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(migrateTo === undefined ? {} : { migrate_to_chat_id: migrateTo }),
  };
  return {
    ok: false,
    error_code: status,
    description: answer.description ?? described ?? `Error ${status}`,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
}
