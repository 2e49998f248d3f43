import type { ProcessEntry } from './process-entry.ts';

/** The process at the head of a tree. It opened a session of its own, which can outlive it. */
export interface TreeRoot {
  readonly pid: number;
  /** Once it is not, its number may be another's. */
  readonly alive: boolean;
}

/**
 * The processes to end: those that carry the marker or are the root, all in their sessions, and all that
 * descend from any of them. No one sign is enough: each shell that Claude opens is a session of its own;
 * a daemon leaves the tree but keeps the environment; another clears its environment but keeps its parent
 * or its session. One that does all three is nobody's, as far as the system tells.
 */
export function selectTree(
  processes: readonly ProcessEntry[],
  belongs: (marker: string) => boolean,
  root?: TreeRoot,
): number[] {
  const isHead = ({ pid, marker }: ProcessEntry): boolean =>
    (root?.alive === true && pid === root.pid) || (marker !== undefined && belongs(marker));
  const sessions = sessionsOf(processes, processes.filter(isHead), root);
  const waiting = processes
    .filter((entry) => isHead(entry) || sessions.has(entry.session))
    .map(({ pid }) => pid);
  const children = childrenByParent(processes);
  const selected = new Set<number>();
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    // A gateway that was itself started by a Claude of ours must end neither itself nor what is its own.
    if (selected.has(pid) || pid === process.pid) continue;
    selected.add(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return [...selected];
}

/** Sessions that Claude or its tools opened. */
function sessionsOf(
  processes: readonly ProcessEntry[],
  heads: readonly ProcessEntry[],
  root: TreeRoot | undefined,
): Set<number | undefined> {
  const sessions = new Set(heads.map(({ session }) => session));
  // The system gives a number to nobody else while a session has it: if a process has it, the session is over.
  if (root?.alive === false && !processes.some(({ pid }) => pid === root.pid))
    sessions.add(root.pid);
  sessions.delete(undefined);
  sessions.delete(processes.find(({ pid }) => pid === process.pid)?.session);
  return sessions;
}

function childrenByParent(processes: readonly ProcessEntry[]): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of processes) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  return children;
}
