import { join } from 'node:path';
import { cutText } from '../host/cut-text.ts';
import { type LaneKey, laneKind } from '../turns/lane.ts';
import type { ContextSource } from '../turns/turn-context.ts';
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
  const source = (name: string, textOf: (harness: Harness, place: LaneKey) => string | undefined) =>
    tellChanges(told, {
      name,
      tell: async (turn) => {
        const harness = findFor(turn, parts);
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
