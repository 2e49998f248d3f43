import { setImmediate as nextTick } from 'node:timers/promises';
import type { HarnessJob } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { ChatTasks } from './chat-tasks.ts';
import { describeProgress } from './describe-task.ts';
import { isOpen, type TaskRow } from './task.ts';
import type { TaskService } from './task-service.ts';

/** How many of the tasks that have ended are told of. */
const mostEnded = 50;

/** What tells of the tasks of all chats. */
export interface AllTasksParts {
  readonly tasks: Pick<TaskService, 'open' | 'list'>;
  readonly chatTasks: Pick<ChatTasks, 'describe'>;
  readonly clock: Clock;
}

/** The tasks of all chats: those at work, oldest first, and those that ended last, the newest of each project. */
export async function allTasks({ tasks, chatTasks, clock }: AllTasksParts): Promise<{
  readonly running: readonly HarnessJob[];
  readonly completed: readonly HarnessJob[];
}> {
  const nowMs = clock.now();
  const describe = async (rows: readonly TaskRow[]): Promise<HarnessJob[]> => {
    const described: HarnessJob[] = [];
    for (const task of rows) {
      // Each reads files: others have their turn between two of them.
      await nextTick();
      const { bot_id, chat_id } = task;
      const progress = describeProgress(task, chatTasks.describe(task), nowMs);
      described.push({ bot_id, chat_id, ...progress });
    }
    return described;
  };
  const ended = new Map<string, TaskRow>();
  for (const task of tasks.list({ limit: mostEnded })) {
    const project = JSON.stringify([task.bot_id, task.chat_id, task.project_id]);
    if (!isOpen(task) && !ended.has(project)) ended.set(project, task);
  }
  const running = await describe(tasks.open());
  return { running, completed: await describe([...ended.values()]) };
}
