import { fileURLToPath } from 'node:url';
import {
  bash,
  createMarkerScript,
  reply,
  type Script,
  text,
} from '@mini-claude-bot/fake-anthropic';

const worker = fileURLToPath(new URL('harness-worker.mjs', import.meta.url));

/**
 * A model that works on the harness of the directory that it is in, some tasks a batch, and says so as it
 * should. Prompts with markers are followed as usual.
 */
export const harnessModel = (tasksInBatch: number): Script =>
  createMarkerScript(({ conversation: { step, lastToolResult } }) =>
    step === 0
      ? reply(bash(`"${process.execPath}" "${worker}" ${tasksInBatch}`))
      : reply(text(`I did a batch.\n\n${lastToolResult ?? ''}`)),
  );

/** A `tasks.json` with phases of so many tasks each. */
export const harnessOf = (phases: Readonly<Record<string, number>>, name = 'tea') => ({
  project_name: name,
  phases: Object.entries(phases).map(([phase, count]) => ({
    name: phase,
    tasks: Array.from({ length: count }, (_, n) => ({
      id: `${phase}-${n + 1}`,
      title: `Task ${n + 1}`,
      status: 'pending',
    })),
  })),
});
