import { type BotId, type ChatKey, GatewayError, type TaskId } from '@mini-claude-bot/contract';
import type { HarnessFinder } from '../harness/harness-finder.ts';
import type { Clock } from '../host/clock.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LaneSessions } from '../sessions/lane-sessions.ts';
import { laneKeyText } from '../turns/lane.ts';
import type { TurnService } from '../turns/turn-service.ts';
import type { StepRunner } from './step-runner.ts';
import {
  chatOf,
  isOpen,
  laneOf,
  type ProjectKey,
  type StepRow,
  type TaskRow,
  type TaskState,
} from './task.ts';
import { progressOf } from './task-chain.ts';
import type { TaskProgress } from './task-progress.ts';
import type { TaskStepsRepo } from './task-steps-repo.ts';
import type { NewTask, TaskFilter, TasksRepo } from './tasks-repo.ts';

/** What tasks are made from. */
export interface TaskServiceParts {
  readonly tasks: TasksRepo;
  readonly steps: TaskStepsRepo;
  readonly turns: TurnService;
  readonly runner: StepRunner;
  readonly progress: TaskProgress;
  readonly sessions: LaneSessions;
  readonly finder: HarnessFinder;
  /** Where the tasks of a project work. */
  readonly workingDirectory: (project: ProjectKey) => string;
  readonly outbox: Pick<Outbox, 'withdraw'>;
  readonly transaction: <T>(write: () => T) => T;
  readonly newTaskId: () => TaskId;
  readonly clock: Clock;
}

export type Started =
  | { readonly kind: 'started'; readonly id: TaskId }
  /** One is at work already, for so many seconds. */
  | { readonly kind: 'rejected'; readonly elapsed: number };

/** Background tasks: one at a time for each project of a chat. */
export class TaskService {
  readonly #parts: TaskServiceParts;

  constructor(parts: TaskServiceParts) {
    this.#parts = parts;
  }

  /**
   * Start a task. It takes over from one of the same project that waits for its next step.
   * @param alongside writes, in the same transaction, what must be there together with the task
   * @param directory where it works; unset: where its chat does, and then it knows what was said there
   * @throws GatewayError `message_too_large`, `shutting_down`; SQLite's error: nothing is stored then
   */
  async start(
    project: ProjectKey,
    message: string,
    alongside: (id: TaskId) => void,
    directory?: string,
  ): Promise<Started> {
    const { tasks, turns, runner, sessions } = this.#parts;
    // Before anything is ended for its sake.
    turns.assertAcceptable(message);
    const place = laneOf(project);
    const lane = laneKeyText(place);
    if (runner.isHeld(lane)) return { kind: 'rejected', elapsed: 0 };
    const running = tasks.openOf(project);
    if (running?.state === 'running') return this.#rejected(running);
    return runner.hold(lane, async () => {
      // It begins with a copy of what the chat has come to, not with what an earlier task was about.
      await sessions.forget(place);
      const task = { message, directory: directory ?? null };
      return { kind: 'started', id: this.#accept(project, task, alongside) };
    });
  }

  /**
   * End a task, whether it runs or waits. Nothing of it is delivered any more.
   * @param botId only a task of this bot's; undefined: of any
   * @throws GatewayError `not_found`
   */
  async cancel(
    id: TaskId,
    botId: BotId | undefined,
  ): Promise<{ cancelled: boolean; state: TaskState }> {
    const task = this.find(id, botId);
    const step = this.#parts.steps.of(task.seq).at(-1);
    if (step?.state === 'begun' && step.turn_id !== null)
      await this.#parts.turns.cancel(step.turn_id);
    // Its turn may have come to its own end meanwhile, and the next step wait.
    this.#parts.transaction(() => this.#abandon(task, 'stopped'));
    const { state } = this.find(id, botId);
    const cancelled = isOpen(task) && state === 'stopped';
    if (cancelled) this.#parts.outbox.withdraw(chatOf(task), 'The task was cancelled.', { id });
    return { cancelled, state };
  }

  /** Nothing of a chat's tasks runs or is told any more. Called before the chat's turns are ended. */
  readonly endChat = (chat: ChatKey): void => {
    const { tasks, transaction } = this.#parts;
    transaction(() => {
      for (const task of tasks.latest(chat)) this.#abandon(task, 'stopped');
      tasks.forgetChat(chat);
    });
  };

  /** @throws GatewayError `not_found` */
  find(id: TaskId, botId: BotId | undefined): TaskRow {
    const task = this.#parts.tasks.find(id);
    if (task === undefined || (botId !== undefined && task.bot_id !== botId)) {
      throw new GatewayError('not_found', 'There is no task with this id.');
    }
    return task;
  }

  list(filter: TaskFilter): TaskRow[] {
    return this.#parts.tasks.list(filter);
  }

  /** Of each project of a chat's present conversation the newest, most recently started first. */
  latest(chat: ChatKey): TaskRow[] {
    return this.#parts.tasks.latest(chat);
  }

  /** Whether a task of the chat has not ended. */
  isAtWork(chat: ChatKey): boolean {
    return this.latest(chat).some(isOpen);
  }

  /** Tasks of all chats that have not ended. */
  open(): TaskRow[] {
    return this.#parts.tasks.open();
  }

  /** End the session that the tasks of a project had, unless one is at work. @returns whether there was one */
  async forgetSession(project: ProjectKey): Promise<boolean> {
    const { tasks, runner, sessions } = this.#parts;
    const place = laneOf(project);
    const lane = laneKeyText(place);
    if (runner.isHeld(lane) || tasks.openOf(project) !== undefined) return false;
    return runner.hold(lane, () => sessions.forget(place));
  }

  stepsOf({ seq }: TaskRow): StepRow[] {
    return this.#parts.steps.of(seq);
  }

  /** To be called after {@link TurnService.recover}. */
  recover(): void {
    this.#parts.runner.recover();
  }

  /** Begin and show nothing more. */
  async close(): Promise<void> {
    this.#parts.runner.close();
    await this.#parts.progress.close();
  }

  #accept(
    project: ProjectKey,
    task: Pick<NewTask, 'message' | 'directory'>,
    alongside: (id: TaskId) => void,
  ): TaskId {
    const { message } = task;
    const { tasks, steps, turns, progress, newTaskId, clock } = this.#parts;
    const id = newTaskId();
    const place = { ...laneOf(project), origin: 'background' as const };
    const submitted = turns.submit(
      { ...place, text: message, userId: null, username: null },
      (turnId) => {
        const waiting = tasks.openOf(project);
        if (waiting !== undefined) this.#abandon(waiting, 'superseded');
        const known = this.#unfinishedHarness(project);
        const seq = tasks.insert({ ...project, ...task, id, startedAtMs: clock.now() });
        if (known !== undefined) tasks.setHarness(seq, known);
        const before = progressOf(this.#findHarness(project, known));
        steps.insert({ taskSeq: seq, n: 0, kind: 'message', prompt: message, dueAtMs: 0, before });
        steps.begin(seq, 0, turnId);
        alongside(id);
      },
    );
    const stored = tasks.find(id);
    const step = stored && steps.of(stored.seq)[0];
    if (stored !== undefined && step !== undefined && submitted.kind === 'turn') {
      progress.follow(stored, step, submitted.turn.id);
    }
    return id;
  }

  #abandon(task: TaskRow, state: 'stopped' | 'superseded'): void {
    const { tasks, steps, clock } = this.#parts;
    if (tasks.abandon(task.seq, state, clock.now())) steps.drop(task.seq);
  }

  /** Where the last task of the project found its harness: one that has tasks left is gone on with. */
  #unfinishedHarness(project: ProjectKey): string | undefined {
    const last = this.#parts.tasks
      .latest(project.chat)
      .find(({ project_id }) => project_id === project.projectId);
    const known = last?.harness_directory ?? undefined;
    if (known === undefined) return undefined;
    const harness = this.#findHarness(project, known);
    const progress = progressOf(harness);
    const isDone = progress !== undefined && progress.total > 0 && progress.done === progress.total;
    return harness?.directory === known && !isDone ? known : undefined;
  }

  #findHarness(project: ProjectKey, known: string | undefined) {
    const { finder, workingDirectory } = this.#parts;
    const { projectId } = project;
    return finder.find({ workingDirectory: workingDirectory(project), projectId, known });
  }

  #rejected({ started_at_ms }: TaskRow): Started {
    const elapsed = Math.floor((this.#parts.clock.now() - started_at_ms) / 1000);
    return { kind: 'rejected', elapsed: Math.max(0, elapsed) };
  }
}
