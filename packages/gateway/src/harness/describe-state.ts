import { shortened } from '../host/cut-text.ts';
import type { Harness } from './harness-finder.ts';
import { countPhases, countTasks, type HarnessTask } from './harness-tasks.ts';

const longestConfig = 1_500;
const longestTasks = 4_000;

/**
 * What Claude is told of a harness: its configuration, how far it is, and its tasks, what is open first.
 * @param config what stands in its `config.json`
 */
export function describeState({ directory, tasks }: Harness, config: string | undefined): string {
  const parts = [`# The harness of this chat\n\nDirectory: ${directory}`];
  if (config !== undefined) parts.push(`config.json:\n${shortened(config.trim(), longestConfig)}`);
  if (tasks === undefined) return [...parts, 'There is no tasks.json yet.'].join('\n\n');
  const { total, done, inProgress, blocked } = countTasks(tasks.tasks);
  parts.push(
    `Progress: ${done} of ${total} tasks done, ${inProgress} in progress, ${blocked} blocked. ` +
      `Present phase: ${tasks.currentPhase || 'none'}.\n${phasesOf(tasks.tasks)}`,
  );
  const openFirst = tasks.tasks.toSorted((a, b) => Number(isDone(a)) - Number(isDone(b)));
  if (total > 0) parts.push(`Tasks:\n${fit(openFirst.map(lineOf), longestTasks)}`);
  return parts.join('\n\n');
}

const isDone = ({ status }: HarnessTask): boolean => status === 'done';

const phasesOf = (tasks: readonly HarnessTask[]): string =>
  fit(
    [...countPhases(tasks)].map(([name, { done, total }]) => `- ${name}: ${done}/${total}`),
    longestConfig,
  );

const lineOf = ({ id, title, phase, status, reason }: HarnessTask): string =>
  `- [${status}] ${id} (${phase}) ${title}${status === 'blocked' && reason !== '' ? `: ${reason}` : ''}`.trim();

function fit(lines: readonly string[], most: number): string {
  let length = 0;
  const kept = lines.filter((line) => {
    length += line.length + 1;
    return length <= most;
  });
  const left = lines.length - kept.length;
  return [...kept, ...(left === 0 ? [] : [`… and ${left} more`])].join('\n');
}
