import { z } from 'zod';
import { cutText } from '../host/cut-text.ts';

/** Tasks by what has become of them. */
export interface TaskCounts {
  readonly total: number;
  readonly done: number;
  readonly inProgress: number;
  readonly blocked: number;
  readonly pending: number;
}

/** Something that a harness has to get done. */
export interface HarnessTask {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly status: keyof Omit<TaskCounts, 'total'>;
  /** Why it does not go on. */
  readonly reason: string;
}

/** A `.harness/tasks.json`. */
export interface HarnessTasks {
  readonly projectName: string | undefined;
  readonly currentPhase: string;
  readonly tasks: readonly HarnessTask[];
}

/** More than a person plans; whatever else stands in the file is not looked at. */
const mostTasks = 5_000;
const mostPhases = 500;
const longestText = 200;

const text = z
  .union([z.string(), z.number()])
  .transform((value) => cutText(String(value), longestText))
  .optional()
  .catch(undefined);

const Task = z.looseObject({
  id: text,
  title: text,
  name: text,
  description: text,
  phase: text,
  status: text,
  blocked_reason: text,
  reason: text,
});
const rawList = z.array(z.unknown());
const list = rawList.catch([]);
const Phase = z.union([
  rawList.transform((tasks) => ({ tasks, name: undefined })),
  z.looseObject({ name: text, id: text, tasks: list }),
]);
const TasksFile = z.looseObject({
  project_name: text,
  project: text,
  name: text,
  current_phase: text,
  tasks: list,
  phases: z.union([rawList, z.record(z.string(), z.unknown())]).catch([]),
});

const statuses: Readonly<Record<string, HarnessTask['status']>> = {
  done: 'done',
  complete: 'done',
  completed: 'done',
  passed: 'done',
  skipped: 'done',
  in_progress: 'inProgress',
  'in-progress': 'inProgress',
  running: 'inProgress',
  blocked: 'blocked',
  failed: 'blocked',
};

const unnamedPhase = 'tasks';

/**
 * Read a `.harness/tasks.json`: tasks in one list, with or without a `phase` each, or in phases, which are a
 * list or an object by name. Claude writes that file, so that anything may stand in it: what can't be read
 * is passed over. @returns undefined when it is no such file at all
 */
export function parseTasks(json: string): HarnessTasks | undefined {
  const parsed = TasksFile.safeParse(parseJson(json));
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const tasks = [
    ...tasksOf(data.tasks, data.current_phase ?? unnamedPhase),
    ...phasesOf(data.phases).flatMap(([name, entries]) => tasksOf(entries, name)),
  ].slice(0, mostTasks);
  const open = tasks.find(({ status }) => status !== 'done');
  return {
    projectName: data.project_name ?? data.project ?? data.name,
    currentPhase: data.current_phase ?? open?.phase ?? tasks.at(-1)?.phase ?? '',
    tasks,
  };
}

function phasesOf(phases: unknown[] | Record<string, unknown>): [string, unknown[]][] {
  const named = Array.isArray(phases)
    ? phases.slice(0, mostPhases).map((phase, n) => [`phase ${n + 1}`, phase] as const)
    : Object.entries(phases).slice(0, mostPhases);
  return named.flatMap(([usual, phase]) => {
    const parsed = Phase.safeParse(phase);
    if (!parsed.success) return [];
    const { name, tasks } = parsed.data;
    return [[cutText(name ?? usual, longestText), tasks]];
  });
}

const tasksOf = (entries: unknown[], phase: string): HarnessTask[] =>
  entries.slice(0, mostTasks).flatMap((entry, n) => {
    const parsed = Task.safeParse(entry);
    if (!parsed.success) return [];
    const { data } = parsed;
    const status = statuses[(data.status ?? '').toLowerCase()] ?? 'pending';
    return {
      id: data.id ?? String(n + 1),
      title: data.title ?? data.name ?? data.description ?? '',
      phase: data.phase ?? phase,
      status,
      reason: data.blocked_reason ?? data.reason ?? '',
    };
  });

export function countTasks(tasks: readonly HarnessTask[]): TaskCounts {
  const counts = { total: tasks.length, done: 0, inProgress: 0, blocked: 0, pending: 0 };
  for (const { status } of tasks) counts[status] += 1;
  return counts;
}

/** The same for each phase, in the order of the file. */
export function countPhases(tasks: readonly HarnessTask[]): Map<string, TaskCounts> {
  const phases = new Map<string, HarnessTask[]>();
  for (const task of tasks) {
    const ofPhase = phases.get(task.phase) ?? [];
    ofPhase.push(task);
    phases.set(task.phase, ofPhase);
  }
  return new Map([...phases].map(([name, ofPhase]) => [name, countTasks(ofPhase)]));
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
