import { GatewayError, type TurnId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { laneKeyText } from '../turns/lane.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { chatOf, laneOf, type TaskRow } from './task.ts';
import type { TaskProgress } from './task-progress.ts';
import type { TaskStepsRepo } from './task-steps-repo.ts';
import type { TasksRepo } from './tasks-repo.ts';

const tryAgainMs = 5_000;

/** What steps are run with. */
export interface StepRunnerParts {
  readonly turns: TurnService;
  readonly tasks: TasksRepo;
  readonly steps: TaskStepsRepo;
  readonly progress: TaskProgress;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The step was dropped, or begun, since it was looked up. */
class StepGone extends Error {}

/** Makes turns of the steps that tasks wait for, each when its time has come. */
export class StepRunner {
  readonly #parts: StepRunnerParts;
  readonly #timers = new Map<number, () => void>();
  readonly #held = new Set<string>();
  #closed = false;

  constructor(parts: StepRunnerParts) {
    this.#parts = parts;
  }

  /** After a start: the steps that tasks wait for, and those that are at it. */
  recover(): void {
    const { tasks, steps, progress } = this.#parts;
    for (const task of tasks.open()) {
      const step = steps.of(task.seq).at(-1);
      if (step?.state === 'waiting') this.arm(task.seq);
      if (step?.state === 'begun' && step.turn_id !== null)
        progress.follow(task, step, step.turn_id);
    }
  }

  /** Run the step that a task waits for at its time; none: nothing happens. */
  arm(taskSeq: number): void {
    const { steps, clock } = this.#parts;
    const step = steps.waitingOf(taskSeq);
    if (step !== undefined) this.#in(Math.max(0, step.due_at_ms - clock.now()), taskSeq);
  }

  /** Run what follows a step whose turn has ended. Never throws: the end is written, and stays so. */
  armAfter(turnId: TurnId): void {
    const { tasks, clock, logger } = this.#parts;
    try {
      const task = tasks.byTurn(turnId);
      if (task !== undefined) this.arm(task.seq);
    } catch (error) {
      logger.error(
        { err: error, turn: turnId },
        'the next step of a task could not be looked up yet',
      );
      if (!this.#closed) clock.after(tryAgainMs, () => this.armAfter(turnId));
    }
  }

  /** While the action runs, no step of that lane begins. */
  async hold<T>(lane: string, action: () => Promise<T>): Promise<T> {
    this.#held.add(lane);
    try {
      return await action();
    } finally {
      this.#held.delete(lane);
    }
  }

  isHeld(lane: string): boolean {
    return this.#held.has(lane);
  }

  /** Begin nothing more. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #in(ms: number, taskSeq: number): void {
    if (this.#closed) return;
    this.#timers.get(taskSeq)?.();
    const begin = (): void => {
      this.#timers.delete(taskSeq);
      this.#begin(taskSeq);
    };
    this.#timers.set(taskSeq, this.#parts.clock.after(ms, begin));
  }

  #begin(taskSeq: number): void {
    const { tasks, logger } = this.#parts;
    const task = tasks.bySeq(taskSeq);
    if (task === undefined) return;
    if (this.#held.has(laneKeyText(placeOf(task)))) {
      this.#in(tryAgainMs, taskSeq);
      return;
    }
    try {
      this.#submit(task);
    } catch (error) {
      if (error instanceof StepGone) return;
      // It waits for the next start.
      if (error instanceof GatewayError && error.code === 'shutting_down') return;
      logger.error({ err: error, task: task.id }, 'a step of a task could not be begun yet');
      this.#in(tryAgainMs, taskSeq);
    }
  }

  #submit(task: TaskRow): void {
    const { turns, tasks, steps, progress } = this.#parts;
    const step = steps.waitingOf(task.seq);
    if (step === undefined) return;
    const message = { ...placeOf(task), origin: 'background' as const, text: step.prompt };
    const submitted = turns.submit({ ...message, userId: null, username: null }, (turnId) => {
      if (!steps.begin(task.seq, step.n, turnId)) throw new StepGone();
      tasks.setState(task.seq, 'running');
    });
    if (submitted.kind === 'turn') progress.follow(task, step, submitted.turn.id);
  }
}

const placeOf = (task: TaskRow) => laneOf({ chat: chatOf(task), projectId: task.project_id });
