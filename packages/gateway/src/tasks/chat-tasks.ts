import type { ChatKey, Task } from '@mini-claude-bot/contract';
import type { CleanupReport, HarnessCleanup } from '../harness/harness-cleanup.ts';
import type { Harness, HarnessFinder } from '../harness/harness-finder.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { describeTask } from './describe-task.ts';
import { chatOf, isOpen, type TaskRow } from './task.ts';
import type { TaskService } from './task-service.ts';

/** What a chat's tasks are seen with. */
export interface ChatTasksParts {
  readonly tasks: TaskService;
  readonly turns: TurnService;
  readonly sessions: ChatSessions;
  readonly finder: HarnessFinder;
  readonly cleanup: HarnessCleanup;
}

/** A chat's tasks together with the harnesses that they work on. */
export class ChatTasks {
  readonly #parts: ChatTasksParts;

  constructor(parts: ChatTasksParts) {
    this.#parts = parts;
  }

  describe(task: TaskRow): Task {
    const [described] = this.describeAll([task]);
    if (described === undefined) throw new Error('one task has one description');
    return described;
  }

  /** Each harness is looked at once, however many tasks there were on it. */
  describeAll(rows: readonly TaskRow[]): Task[] {
    const seen = new Map<string, Harness | undefined>();
    return rows.map((task) => {
      const cwd = task.directory ?? this.#workingDirectory(chatOf(task)) ?? '';
      const key = JSON.stringify([cwd, task.project_id, task.harness_directory]);
      if (cwd !== '' && !seen.has(key)) seen.set(key, this.#harnessOf(task, cwd));
      const steps = this.#parts.tasks.stepsOf(task);
      return describeTask(task, steps, { cwd, harness: seen.get(key) });
    });
  }

  /** The harness of a chat, whether a task works on it or not. */
  harnessOf(chat: ChatKey) {
    const workingDirectory = this.#workingDirectory(chat);
    return workingDirectory === undefined
      ? undefined
      : this.#parts.finder.find({ workingDirectory });
  }

  /** Put away what is finished: sessions of tasks that have ended, and harnesses whose tasks are all done. */
  async cleanUp(chat: ChatKey): Promise<CleanupReport> {
    const { tasks, cleanup, turns } = this.#parts;
    const report: CleanupReport = { cleaned: 0, archived: 0, skipped: 0, details: [] };
    const latest = tasks.latest(chat);
    for (const task of latest) {
      const name = `Task of ${task.project_id === '' ? 'this chat' : `project ${task.project_id}`}`;
      if (isOpen(task)) {
        report.skipped += 1;
        report.details.push(`${name}: is at work, and goes on.`);
      } else if (await tasks.forgetSession({ chat, projectId: task.project_id })) {
        report.cleaned += 1;
        report.details.push(`${name}: its session was closed and forgotten.`);
      }
    }
    const workingDirectory = this.#workingDirectory(chat);
    if (workingDirectory === undefined) return report;
    const ofChat = latest
      .filter(isOpen)
      .map((task) => this.#harnessOf(task, task.directory ?? workingDirectory)?.directory);
    // A project may be shared: another chat's task may be at work on it.
    const busy = new Set([...ofChat, ...tasks.open().map((task) => task.harness_directory)]);
    await cleanup.run(
      {
        chat,
        workingDirectory,
        known: latest.flatMap(({ harness_directory }) => harness_directory ?? []),
        isBusy: (directory) => turns.running(chat) !== undefined || busy.has(directory),
      },
      report,
    );
    return report;
  }

  #workingDirectory(chat: ChatKey): string | undefined {
    return this.#parts.sessions.find(chat)?.cwd;
  }

  #harnessOf({ project_id, harness_directory }: TaskRow, workingDirectory: string) {
    const known = harness_directory ?? undefined;
    return this.#parts.finder.find({ workingDirectory, projectId: project_id, known });
  }
}
