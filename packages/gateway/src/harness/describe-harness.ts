import { basename } from 'node:path';
import type { HarnessSummary } from '@mini-claude-bot/contract';
import type { Harness } from './harness-finder.ts';
import { countPhases, countTasks, type TaskCounts } from './harness-tasks.ts';

const counts = ({ total, done, inProgress, blocked, pending }: TaskCounts) => ({
  total,
  done,
  in_progress: inProgress,
  blocked,
  pending,
});

/** A harness as the contract shows it; null: it has no list of tasks. */
export function describeHarness(harness: Harness | undefined): HarnessSummary | null {
  if (harness?.tasks === undefined) return null;
  const { projectName, currentPhase, tasks } = harness.tasks;
  return {
    project_name: projectName ?? basename(harness.directory),
    current_phase: currentPhase,
    ...counts(countTasks(tasks)),
    phases: Object.fromEntries(
      [...countPhases(tasks)].map(([name, ofPhase]) => [name, counts(ofPhase)]),
    ),
  };
}
