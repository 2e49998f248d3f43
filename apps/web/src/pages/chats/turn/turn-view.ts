import { type ErrorCode, type TurnEvent, type TurnStep, withStep } from '@mini-claude-bot/contract';

/** How a turn ended, as its stream tells. */
export type TurnOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly words: string };

/** A turn as far as it was followed. */
export interface TurnView {
  readonly steps: readonly TurnStep[];
  readonly text: string;
  /** Undefined: it goes on. */
  readonly outcome: TurnOutcome | undefined;
}

export const nothingYet: TurnView = { steps: [], text: '', outcome: undefined };

/** What a turn looks like after one more of its events. */
export function afterEvent(before: TurnView, event: TurnEvent): TurnView {
  const view = { ...before, steps: withStep(before.steps, event) };
  switch (event.type) {
    case 'text':
      return { ...view, text: view.text + event.content };
    case 'restart':
      return { ...view, text: '' };
    case 'done':
      return ended(view, event);
    case 'error':
      return { ...view, outcome: { kind: 'failed', code: event.code, words: event.content } };
    default:
      return view;
  }
}

function ended(view: TurnView, event: Extract<TurnEvent, { type: 'done' }>): TurnView {
  const { content, error, stopped } = event;
  if (stopped === true) return { ...view, outcome: { kind: 'stopped' } };
  if (error !== undefined)
    return { ...view, outcome: { kind: 'failed', code: error, words: content } };
  return { ...view, text: content, outcome: { kind: 'answered' } };
}
