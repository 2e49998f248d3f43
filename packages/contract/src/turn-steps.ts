import { z } from 'zod';
import type { TurnEvent } from './turn-events.ts';

/** Something that Claude did on the way to an answer. */
export const TurnStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('thinking'), text: z.string() }),
  z.object({
    kind: z.literal('tool'),
    name: z.string(),
    input: z.string().describe('A short form of it.'),
  }),
  z.object({ kind: z.literal('notice'), text: z.string().describe('Such as a retry.') }),
]);
export type TurnStep = z.infer<typeof TurnStep>;

/** Characters of one step, and how many steps, are kept of a turn: enough to see what was done. */
const longestStep = 4_000;
const mostSteps = 300;

/**
 * What Claude did on the way, after one more event of its turn. What is taken back takes the thoughts with it; what
 * a tool did stays done.
 */
export function withStep(steps: readonly TurnStep[], event: TurnEvent): readonly TurnStep[] {
  switch (event.type) {
    case 'thinking':
      return withThought(steps, event.content);
    case 'tool':
      return added(steps, { kind: 'tool', name: cut(event.name), input: cut(event.content) });
    case 'notice':
      return added(steps, { kind: 'notice', text: cut(event.content) });
    case 'restart':
      return steps.filter(({ kind }) => kind !== 'thinking');
    default:
      return steps;
  }
}

/** Thoughts that follow each other are one. */
function withThought(steps: readonly TurnStep[], text: string): readonly TurnStep[] {
  const last = steps.at(-1);
  if (last?.kind !== 'thinking') return added(steps, { kind: 'thinking', text: cut(text) });
  if (last.text.length >= longestStep) return steps;
  return [...steps.slice(0, -1), { kind: 'thinking', text: cut(last.text + text) }];
}

const added = (steps: readonly TurnStep[], step: TurnStep): readonly TurnStep[] =>
  steps.length < mostSteps ? [...steps, step] : steps;

/** Never with half a character at its end. */
const cut = (text: string): string =>
  text.length <= longestStep ? text : text.slice(0, longestStep).replace(/[\ud800-\udbff]$/, '');
