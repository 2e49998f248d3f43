import type { ErrorCode, TurnEvent } from '@mini-claude-bot/contract';

/** Something that Claude did on the way to its answer. */
export type TurnStep =
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string; readonly input: string }
  | { readonly kind: 'notice'; readonly text: string };

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
export function afterEvent(view: TurnView, event: TurnEvent): TurnView {
  switch (event.type) {
    case 'text':
      return { ...view, text: view.text + event.content };
    case 'thinking':
      return { ...view, steps: withThought(view.steps, event.content) };
    case 'tool':
      return {
        ...view,
        steps: [...view.steps, { kind: 'tool', name: event.name, input: event.content }],
      };
    case 'notice':
      return { ...view, steps: [...view.steps, { kind: 'notice', text: event.content }] };
    case 'restart':
      return nothingYet;
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

/** Thoughts that follow each other are one. */
function withThought(steps: readonly TurnStep[], text: string): readonly TurnStep[] {
  const last = steps.at(-1);
  if (last?.kind !== 'thinking') return [...steps, { kind: 'thinking', text }];
  return [...steps.slice(0, -1), { kind: 'thinking', text: last.text + text }];
}
