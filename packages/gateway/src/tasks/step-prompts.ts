import type { StepKind } from './task.ts';

/**
 * What Claude is told when nobody says anything: short, because it is kept in the chat history. How to work
 * is told beside it.
 */
export function promptOf(kind: Exclude<StepKind, 'message'>, n: number, previous: string): string {
  switch (kind) {
    case 'batch':
      return `Go on with the next batch of tasks of the harness. (Step ${n}.)`;
    case 'decompose':
      return `The harness has no tasks yet. Break the work into tasks, and write them to \`.harness/tasks.json\`. (Step ${n}.)`;
    case 'retry':
      return goOn('The last run broke off.', previous);
  }
}

/** For a turn that was running when the gateway ended. */
export const promptAfterRestart = (prompt: string): string =>
  goOn('The gateway was restarted while you were at work.', prompt);

const begin =
  'Look first at what has been done already, do not do it again, and finish the rest of this:\n\n';

function goOn(why: string, prompt: string): string {
  const at = prompt.indexOf(begin);
  return `${why} ${begin}${at < 0 ? prompt : prompt.slice(at + begin.length)}`;
}
