import type { ChatKey, ErrorCode } from '@mini-claude-bot/contract';
import type { Harness, HarnessFinder } from '../harness/harness-finder.ts';
import { countTasks } from '../harness/harness-tasks.ts';
import { type Marker, readMarker, withoutMarkers } from '../harness/markers.ts';
import { type Language, languageFor } from '../host/language.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LiveTurn } from '../turns/live-turn.ts';
import type { RunResult } from '../turns/turn-runner.ts';
import {
  type ChainProgress,
  decideNextStep,
  type EndReason,
  madeProgress,
  type NextStep,
  type StepOutcome,
} from './decide-next-step.ts';
import { promptOf } from './step-prompts.ts';
import {
  chatOf,
  countSteps,
  endStates,
  isOpen,
  progressBefore,
  type StepRow,
  type TaskRow,
} from './task.ts';
import type { TaskStepsRepo } from './task-steps-repo.ts';
import { type TaskFacts, taskWords } from './task-words.ts';
import type { TasksRepo } from './tasks-repo.ts';

/** What a chain is written with. */
export interface TaskChainParts {
  readonly tasks: TasksRepo;
  readonly steps: TaskStepsRepo;
  readonly outbox: Outbox;
  readonly finder: HarnessFinder;
  readonly workingDirectory: (chat: ChatKey) => string;
  readonly language: Language | 'auto';
  readonly now: () => number;
  /** Between two steps, in milliseconds. */
  readonly delayMs: number;
}

/** Faults that pass: it is worth trying again. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'overloaded',
  'rate_limited',
  'api_error',
  'claude_crashed',
  'claude_killed',
  'claude_start_failed',
  'no_progress',
  'memory_low',
  'database_unavailable',
]);

interface Ended {
  readonly task: TaskRow;
  readonly step: StepRow;
  readonly result: RunResult;
  readonly marker: Marker | undefined;
  readonly harness: Harness | undefined;
}

/** Writes what comes of a step when its turn has ended: the next one, or the end of its task. */
export class TaskChain {
  readonly #parts: TaskChainParts;

  constructor(parts: TaskChainParts) {
    this.#parts = parts;
  }

  /** To be called in the transaction that ends a turn. */
  turnEnded(turn: LiveTurn, result: RunResult): void {
    const { tasks, steps, outbox } = this.#parts;
    const step = steps.byTurn(turn.id);
    const task = step === undefined ? undefined : tasks.bySeq(step.task_seq);
    if (step === undefined || task === undefined) return;
    if (isOpen(task) && result.state !== 'stopped') {
      this.#goOn(this.#look(task, step, result));
      return;
    }
    // Somebody ended it: nobody waits to be told.
    steps.end(task.seq, step.n, false);
    outbox.endProgress(progressRef(task, step));
    this.#end(task, 'stopped', result.text, result, false);
  }

  #look(task: TaskRow, step: StepRow, result: RunResult): Ended {
    const { finder, workingDirectory } = this.#parts;
    // What works for strangers has no list of tasks that it could go on with by itself.
    if (task.directory !== null) {
      return { task, step, result, marker: undefined, harness: undefined };
    }
    const marker = readMarker(result.text);
    const harness = finder.find({
      workingDirectory: workingDirectory(chatOf(task)),
      projectId: task.project_id,
      known: task.harness_directory ?? undefined,
      reply: result.text,
    });
    return { task, step, result, marker, harness };
  }

  #goOn(ended: Ended): void {
    const { tasks, steps } = this.#parts;
    const { task, step, result, marker, harness } = ended;
    const before = progressBefore(step);
    const now = progressOf(harness);
    steps.end(task.seq, step.n, madeProgress({ before, now }));
    const counts = countSteps(steps.of(task.seq));
    const outcome = outcomeOf(result);
    const next = decideNextStep({ outcome, marker, before, now, ...counts });
    if (harness !== undefined) tasks.setHarness(task.seq, harness.directory);
    if (next.kind === 'end') this.#endTask(ended, next.because);
    else this.#plan(ended, next, now, counts.decompositions + 1);
  }

  #plan(
    ended: Ended,
    next: Exclude<NextStep, { kind: 'end' }>,
    before: ChainProgress | undefined,
    decomposition: number,
  ): void {
    const { tasks, steps, now, delayMs } = this.#parts;
    const { task, step } = ended;
    const n = step.n + 1;
    steps.insert({
      taskSeq: task.seq,
      n,
      kind: next.kind,
      prompt: promptOf(next.kind, n, step.prompt),
      dueAtMs: now() + (next.kind === 'retry' ? next.afterMs : delayMs),
      before,
    });
    tasks.setState(task.seq, 'waiting');
    this.#tell(ended, this.#wordsFor(ended, next, decomposition));
  }

  #wordsFor(ended: Ended, next: Exclude<NextStep, { kind: 'end' }>, decomposition: number): string {
    const words = taskWords[this.#languageOf(ended.task)];
    const facts = factsOf(ended);
    switch (next.kind) {
      case 'batch':
        return titled(facts, words.batch(facts));
      case 'decompose':
        return titled(facts, words.decompose(decomposition));
      case 'retry':
        return titled(facts, words.retry(facts, words.pause(next.afterMs)));
    }
  }

  #endTask(ended: Ended, because: EndReason): void {
    const { task, step, result, harness } = ended;
    const words = taskWords[this.#languageOf(task)];
    const facts = factsOf(ended);
    const said = withoutMarkers(result.text);
    const head = because === 'answered' ? '' : literal(titled(facts, words.ended[because](facts)));
    const text = [head, said].filter((part) => part !== '').join('\n\n') || words.silent;
    const archiveOwed = because === 'complete' && harness !== undefined;
    this.#end(task, endStates[because], text, result, archiveOwed);
    if (task.directory !== null) {
      // Whoever started it tells the chat.
      this.#parts.outbox.endProgress(progressRef(task, step));
      return;
    }
    this.#parts.outbox.enqueue({
      ...chatOf(task),
      text,
      format: 'markdown',
      source: { kind: because === 'answered' ? 'task' : 'harness', id: task.id },
      endsProgress: progressRef(task, step),
    });
  }

  #end(
    { seq, directory }: TaskRow,
    state: Parameters<TasksRepo['end']>[0]['state'],
    text: string,
    { error }: RunResult,
    archiveOwed: boolean,
  ): void {
    const { tasks, now } = this.#parts;
    tasks.end({ seq, state, result: text, errorCode: error?.code ?? null, at: now(), archiveOwed });
    // What was said of a stranger's wishes is not put before the chat's own Claude.
    if (directory !== null) tasks.setTold(seq);
  }

  #tell({ task, step }: Ended, text: string): void {
    this.#parts.outbox.enqueue({
      ...chatOf(task),
      text,
      format: 'plain',
      source: { kind: 'harness', id: task.id },
      endsProgress: progressRef(task, step),
    });
  }

  #languageOf({ message }: TaskRow): Language {
    return languageFor(this.#parts.language, message);
  }
}

/** The message that shows how a step gets on. */
export const progressRef = ({ id }: TaskRow, { n }: Pick<StepRow, 'n'>): string =>
  `task:${id}:${n}`;

/** How far a harness is; undefined: it has no list of tasks. */
export function progressOf(harness: Harness | undefined): ChainProgress | undefined {
  return harness?.tasks === undefined ? undefined : countTasks(harness.tasks.tasks);
}

function outcomeOf({ state, error }: RunResult): StepOutcome {
  if (state === 'completed') return 'answered';
  if (error === undefined || !passing.has(error.code)) return 'failed';
  return state === 'refused' ? 'not_run' : 'broken_off';
}

function factsOf({ marker, harness, result }: Ended): TaskFacts {
  const progress = progressOf(harness);
  const batch = marker?.kind === 'batch_done' ? marker : undefined;
  const blockedTask = harness?.tasks?.tasks.find(({ status }) => status === 'blocked');
  const blocked =
    marker?.kind === 'blocked'
      ? { id: marker.taskId, reason: marker.reason }
      : { id: blockedTask?.id ?? '', reason: blockedTask?.reason || (blockedTask?.title ?? '') };
  return {
    projectName: harness?.tasks?.projectName,
    phase: batch?.phase ?? harness?.tasks?.currentPhase ?? '',
    done: progress?.done ?? batch?.done ?? 0,
    total: progress?.total ?? batch?.total ?? 0,
    blocked,
    fault: result.error?.message ?? '',
  };
}

const titled = ({ projectName }: TaskFacts, text: string): string =>
  projectName === undefined ? text : `${projectName}: ${text}`;

/** What Claude wrote into a file is no Markdown of ours. */
const literal = (text: string): string => text.replace(/[\\`*_[\]<>#~|]/g, '\\$&');
