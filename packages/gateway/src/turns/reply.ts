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
  const prefix =
    error.code === 'queue_timeout' || error.code === 'queue_full' ? '[BUSY]' : '[ERROR]';
  const said = text === '' ? '' : `\n\nBefore that, Claude said:\n\n${text}`;
  return `${prefix} ${error.message}${said}`;
}

/**
 * The event that ends the stream. `error` makes existing clients send the message again, so it is only
 * for what never ran, and not for what somebody stopped.
 */
export function lastEvent(result: TurnResult): Extract<TurnEvent, { type: 'done' | 'error' }> {
  const { state, error } = result;
  if (neverRan(state) && error !== undefined) {
    const busy = error.code === 'queue_timeout' || error.code === 'queue_full';
    return {
      type: 'error',
      content: error.message,
      code: error.code,
      ...(busy ? { busy: true as const } : {}),
    };
  }
  return {
    type: 'done',
    content: replyText(result),
    ...(error === undefined ? {} : { error: error.code }),
    ...(state === 'stopped' ? { stopped: true as const } : {}),
  };
}
