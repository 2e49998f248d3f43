import type { ErrorCode, TurnEvent, TurnState } from '@mini-claude-bot/contract';

/** How a turn ended, as its chat is told. */
export interface TurnResult {
  readonly state: Exclude<TurnState, 'queued' | 'running'>;
  /** What Claude said. */
  readonly text: string;
  /** Why it did not complete. */
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Whether any of it reached Claude. What never ran may be sent again without harm. */
export const neverRan = (state: TurnState): boolean => state === 'expired' || state === 'refused';

const stoppedMark = '(stopped)';

/**
 * The whole reply in words: stored in the history, and answered by `/send`. The prefixes are what
 * existing clients know a failure by; nothing inside the gateway ever looks for them.
 */
export function replyText({ state, text, error }: TurnResult): string {
  if (state === 'stopped') return text === '' ? stoppedMark : `${text}\n\n${stoppedMark}`;
  if (error === undefined) return text;
  const said = text === '' ? '' : `\n\nBefore that, Claude said:\n\n${text}`;
  return `${prefixOf(error.code)}${error.message}${said}`;
}

const isBusy = (code: ErrorCode): boolean => code === 'queue_timeout' || code === 'queue_full';

const prefixOf = (code: ErrorCode): string => (isBusy(code) ? '[BUSY] ' : '[ERROR] ');

const refusal = (code: ErrorCode, content: string): Extract<TurnEvent, { type: 'error' }> => ({
  type: 'error',
  content,
  code,
  ...(isBusy(code) ? { busy: true as const } : {}),
});

/** The event that ended the stream of a turn that never ran, from its stored reply. */
export const storedRefusal = (code: ErrorCode, reply: string): ReturnType<typeof refusal> =>
  refusal(code, reply.slice(prefixOf(code).length));

/**
 * The event that ends the stream. `error` makes existing clients send the message again, so it is only
 * for what never ran, and not for what somebody stopped.
 */
export function lastEvent(result: TurnResult): Extract<TurnEvent, { type: 'done' | 'error' }> {
  const { state, error } = result;
  if (neverRan(state) && error !== undefined) return refusal(error.code, error.message);
  return {
    type: 'done',
    content: replyText(result),
    ...(error === undefined ? {} : { error: error.code }),
    ...(state === 'stopped' ? { stopped: true as const } : {}),
  };
}
