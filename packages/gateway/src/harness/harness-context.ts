import { join } from 'node:path';
import type { TurnId } from '@mini-claude-bot/contract';
import { cutText } from '../host/cut-text.ts';
import { type LaneKey, laneKind } from '../turns/lane.ts';
import type { ContextSource, ContextTurn } from '../turns/turn-context.ts';
import { describeState } from './describe-state.ts';
import type { Harness, HarnessFinder } from './harness-finder.ts';
import { rulesForBackground, rulesForChat } from './harness-rules.ts';
import { readBounded } from './read-bounded.ts';
import { tellChanges } from './tell-changes.ts';
import type { ToldRepo } from './told-repo.ts';

const longestConfigFile = 100_000;
const longestMemoryFile = 1_000_000;
const longestMemory = 8_000;

/** What Claude is told of a harness with. */
export interface HarnessContextParts {
  readonly told: ToldRepo;
  readonly finder: HarnessFinder;
  /** Undefined: the chat has no session yet. */
  readonly workingDirectory: (place: LaneKey) => string | undefined;
  /** Where the open task of a lane found its harness. */
  readonly knownHarness: (place: LaneKey) => string | undefined;
  /** The owner's memory; undefined: Claude reads it anyhow. */
  readonly memoryFile: string | undefined;
}

/** What a chat with a harness is told beside its messages: rules, the owner's memory, how far it is. */
export function harnessContext(parts: HarnessContextParts): ContextSource[] {
  const { told, memoryFile } = parts;
  // All sources are asked for the same turn: its harness is looked for once.
  let last: { readonly turn: TurnId; readonly harness: Harness | undefined } | undefined;
  const harnessOf = (turn: ContextTurn): Harness | undefined => {
    if (last?.turn !== turn.id) last = { turn: turn.id, harness: findFor(turn, parts) };
    return last.harness;
  };
  const source = (name: string, textOf: (harness: Harness, place: LaneKey) => string | undefined) =>
    tellChanges(told, {
      name,
      tell: async (turn) => {
        const harness = harnessOf(turn);
        const text = harness && textOf(harness, turn);
        return text === undefined ? undefined : { text };
      },
    });
  return [
    source('harness-rules', (_harness, { lane }) =>
      laneKind(lane) === 'bg' ? rulesForBackground : rulesForChat,
    ),
    source('owner-memory', () => ownerMemory(memoryFile)),
    source('harness-state', (harness) => {
      const file = join(harness.directory, '.harness', 'config.json');
      return describeState(harness, readBounded(file, longestConfigFile, 'refused'));
    }),
  ];
}

function findFor(place: LaneKey, parts: HarnessContextParts): Harness | undefined {
  const { finder, workingDirectory, knownHarness } = parts;
  const kind = laneKind(place.lane);
  const directory = kind === 'cron' ? undefined : workingDirectory(place);
  if (directory === undefined) return undefined;
  const projectId = kind === 'bg' ? place.lane.slice('bg:'.length) : '';
  return finder.find({ workingDirectory: directory, projectId, known: knownHarness(place) });
}

function ownerMemory(file: string | undefined): string | undefined {
  const text = file && readBounded(file, longestMemoryFile, 'followed')?.trim();
  return text ? `# The owner's memory file\n\n${cutText(text, longestMemory)}` : undefined;
}
