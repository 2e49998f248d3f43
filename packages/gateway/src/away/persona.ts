import { readBounded } from '../harness/read-bounded.ts';
import { tellChanges } from '../harness/tell-changes.ts';
import type { ToldRepo } from '../harness/told-repo.ts';
import { cutText } from '../host/cut-text.ts';
import type { LaneKey } from '../turns/lane.ts';
import type { ContextSource } from '../turns/turn-context.ts';

const longestFile = 1_000_000;
const longest = 8_000;

const back =
  '# The owner is back\n\nWhat was said about the owner being away holds no longer: speak as usual.';

/** Tells a chat whose owner is away what the persona file says, and afterwards that it holds no longer. */
export function awayPersona(
  told: ToldRepo,
  file: string,
  isAway: (chat: LaneKey['chat']) => boolean,
): ContextSource {
  const name = 'persona';
  return tellChanges(told, {
    name,
    tell: async (turn) => {
      if (!isAway(turn.chat)) return told.find(turn, name) && { text: back };
      const persona = readBounded(file, longestFile, 'followed')?.trim();
      return persona ? { text: `# The owner is away\n\n${cutText(persona, longest)}` } : undefined;
    },
  });
}
