import type { Task, TaskStep } from '@mini-claude-bot/contract';
import { describeHarness } from '../harness/describe-harness.ts';
import type { Harness } from '../harness/harness-finder.ts';
import type { TurnsRepo } from '../turns/turns-repo.ts';
import { countSteps, isOpen, type StepRow, type TaskRow } from './task.ts';

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** Whole seconds that a task has taken, or takes so far. */
export const elapsedSeconds = ({ started_at_ms, finished_at_ms }: TaskRow, nowMs: number): number =>
  Math.max(0, Math.floor(((finished_at_ms ?? nowMs) - started_at_ms) / 1000));

/** Clients know a task that waits for its next step as one that runs. */
export const statusOf = (task: TaskRow) => (isOpen(task) ? 'running' : task.state);

/** A task as the contract shows it. */
export function describeTask(
  task: TaskRow,
  steps: readonly StepRow[],
  { cwd, harness }: { readonly cwd: string; readonly harness: Harness | undefined },
): Task {
  const waiting = steps.find(({ state }) => state === 'waiting');
  return {
    id: task.id,
    bot_id: task.bot_id,
    chat_id: task.chat_id,
    project_id: task.project_id,
    state: task.state,
    message: task.message,
    result: task.result,
    error: task.error_code,
    chain_depth: countSteps(steps).depth,
    cwd: harness?.directory ?? task.harness_directory ?? cwd,
    harness: describeHarness(harness),
    started_at: task.started_at_ms / 1000,
    finished_at: seconds(task.finished_at_ms),
    next_step_at: waiting === undefined ? null : waiting.due_at_ms / 1000,
  };
}

/** How far a task and its harness are, as clients know it. */
export const describeProgress = (
  task: TaskRow,
  { chain_depth, project_id, cwd, harness }: Task,
  nowMs: number,
) => ({
  bg_status: statusOf(task),
  elapsed_seconds: elapsedSeconds(task, nowMs),
  chain_depth,
  project_id,
  cwd,
  harness,
});

export function describeStep(step: StepRow, turns: Pick<TurnsRepo, 'find'>): TaskStep {
  const turn = step.turn_id === null ? undefined : turns.find(step.turn_id);
  return {
    number: step.n,
    kind: step.kind,
    state: step.state,
    due_at: step.due_at_ms === 0 ? null : step.due_at_ms / 1000,
    turn_id: step.turn_id,
    turn_state: turn?.state ?? null,
    response: turn?.answer ?? null,
  };
}
