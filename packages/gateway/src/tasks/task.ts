import type { BotId, ChatId, ChatKey, ErrorCode, TaskId, TurnId } from '@mini-claude-bot/contract';
import type { LaneKey } from '../turns/lane.ts';
import type { ChainProgress, EndReason } from './decide-next-step.ts';

/**
 * running: a step of it runs, or waits for a slot. waiting: its next step is planned. superseded: a new
 * message took over from it while it waited.
 */
export type TaskState = 'running' | 'waiting' | EndState;
export type EndState = 'completed' | 'blocked' | 'incomplete' | 'failed' | 'stopped' | 'superseded';

export interface TaskRow {
  readonly seq: number;
  readonly id: TaskId;
  readonly bot_id: BotId;
  readonly chat_id: ChatId;
  readonly project_id: string;
  readonly message: string;
  readonly state: TaskState;
  /** Where it works; null: where its chat does. */
  readonly directory: string | null;
  readonly harness_directory: string | null;
  readonly result: string | null;
  readonly error_code: ErrorCode | null;
  readonly started_at_ms: number;
  readonly finished_at_ms: number | null;
  /** 1: the conversation that it belonged to has ended. */
  readonly forgotten: 0 | 1;
}

export type StepKind = 'message' | 'batch' | 'decompose' | 'retry';

export interface StepRow {
  readonly task_seq: number;
  readonly n: number;
  readonly kind: StepKind;
  readonly prompt: string;
  readonly state: 'waiting' | 'begun' | 'ended' | 'dropped';
  readonly due_at_ms: number;
  readonly turn_id: TurnId | null;
  readonly total_before: number | null;
  readonly done_before: number | null;
  readonly blocked_before: number | null;
  readonly progressed: 0 | 1 | null;
}

/** One task of a chat and project at a time. */
export interface ProjectKey {
  readonly chat: ChatKey;
  readonly projectId: string;
}

export const isOpen = ({ state }: Pick<TaskRow, 'state'>): boolean =>
  state === 'running' || state === 'waiting';

export const chatOf = ({ bot_id, chat_id }: Pick<TaskRow, 'bot_id' | 'chat_id'>): ChatKey => ({
  botId: bot_id,
  chatId: chat_id,
});

export const laneOf = ({ chat, projectId }: ProjectKey): LaneKey => ({
  chat,
  lane: `bg:${projectId}`,
});

/** How far its harness was when the step was planned. */
export const progressBefore = ({
  total_before,
  done_before,
  blocked_before,
}: StepRow): ChainProgress | undefined =>
  total_before === null
    ? undefined
    : { total: total_before, done: done_before ?? 0, blocked: blocked_before ?? 0 };

/** What the steps of a task so far say about its chain. The last one has just ended. */
export function countSteps(steps: readonly StepRow[]) {
  const begun = steps.filter(({ state }) => state === 'begun' || state === 'ended');
  const ofKind = (kind: StepKind): number => begun.filter((step) => step.kind === kind).length;
  const inARow = (fits: (step: StepRow) => boolean, from: readonly StepRow[]): number => {
    const other = from.findLastIndex((step) => !fits(step));
    return from.length - 1 - other;
  };
  return {
    depth: ofKind('batch') + ofKind('decompose'),
    decompositions: ofKind('decompose'),
    retries: inARow(({ kind }) => kind === 'retry', begun),
    idleSteps: inARow(({ progressed }) => progressed === 0, begun.slice(0, -1)),
  };
}

/** The state that a task ends in. */
export const endStates: Readonly<Record<EndReason, EndState>> = {
  answered: 'completed',
  complete: 'completed',
  failed: 'failed',
  blocked: 'blocked',
  no_progress: 'incomplete',
  not_decomposed: 'incomplete',
  depth_limit: 'incomplete',
};
