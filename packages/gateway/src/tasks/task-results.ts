import { shortened } from '../host/cut-text.ts';
import type { ContextPiece, ContextSource } from '../turns/turn-context.ts';
import type { TaskRow } from './task.ts';
import type { TasksRepo } from './tasks-repo.ts';

const longestMessage = 300;
const longestResult = 3_000;
const mostTasks = 5;

/** Tells a chat's conversation, with its next turn, how its background tasks ended. */
export const taskResults = (tasks: TasksRepo): ContextSource => ({
  name: 'task-results',
  tell: async ({ chat, lane, conversationId }): Promise<ContextPiece | undefined> => {
    const ended = tasks.untold(chat);
    if (ended.length === 0) return undefined;
    if (lane === 'main') {
      return {
        text: textOf(ended),
        onTold: () => {
          for (const { seq } of ended) tasks.setTold(seq);
        },
      };
    }
    // A new task may be about what the last one came to, before the chat itself has heard of it.
    const projectId = lane.startsWith('bg:') ? lane.slice('bg:'.length) : undefined;
    const isNew = projectId !== undefined && conversationId === undefined;
    // One that works elsewhere has nothing to do with the conversation.
    return isNew && tasks.directoryOf({ chat, projectId }) === undefined
      ? { text: textOf(ended) }
      : undefined;
  },
});

function textOf(ended: readonly TaskRow[]): string {
  const told = ended.slice(-mostTasks).map(describe);
  const left = ended.length - told.length;
  return [
    '# Background tasks of this chat that have ended',
    'The user has been told, unless the task was stopped.',
    ...(left === 0 ? [] : [`${left} earlier ones are left out.`]),
    ...told,
  ].join('\n\n');
}

const describe = ({ message, state, result, project_id }: TaskRow): string =>
  `Task${project_id === '' ? '' : ` of project ${project_id}`}: ${shortened(message, longestMessage)}\n` +
  `It ended as: ${state}\nIts result: ${shortened(result ?? '', longestResult) || 'none'}`;
