import { z } from 'zod';

const Task = z.looseObject({ status: z.string().catch('pending') });
const Phase = z.looseObject({ tasks: z.array(Task).catch([]) });
const TasksFile = z.looseObject({
  project_name: z.string().optional().catch(undefined),
  project: z.string().optional().catch(undefined),
  tasks: z.array(Task).catch([]),
  phases: z.array(Phase).catch([]),
});

/** How far a harness is. */
export interface TaskCounts {
  readonly projectName: string | undefined;
  readonly total: number;
  readonly done: number;
  readonly blocked: number;
}

const nothing: TaskCounts = { projectName: undefined, total: 0, done: 0, blocked: 0 };

/**
 * Count the tasks of a `.harness/tasks.json`, in one list or in phases. Claude writes that file, so that
 * anything may stand in it: what can't be read counts as nothing.
 */
export function countTasks(text: string): TaskCounts {
  const parsed = TasksFile.safeParse(parseJson(text));
  if (!parsed.success) return nothing;
  const { data } = parsed;
  const tasks = [...data.tasks, ...data.phases.flatMap((phase) => phase.tasks)];
  const having = (...states: string[]): number =>
    tasks.filter(({ status }) => states.includes(status)).length;
  return {
    projectName: data.project_name ?? data.project,
    total: tasks.length,
    done: having('done', 'completed'),
    blocked: having('blocked'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
