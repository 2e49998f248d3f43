import type { Language } from '../host/language.ts';
import { type EndReason, mostDecompositions } from './decide-next-step.ts';

/** What there is to say about a task. */
export interface TaskFacts {
  /** Of the harness; undefined: it has none, or none is known. */
  readonly projectName: string | undefined;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** Which task is blocked, and why; empty where that is not known. */
  readonly blocked: { readonly id: string; readonly reason: string };
  /** Why the turn failed, in words. */
  readonly fault: string;
}

interface Words {
  readonly batch: (facts: TaskFacts) => string;
  readonly decompose: (attempt: number) => string;
  readonly retry: (facts: TaskFacts, pause: string) => string;
  readonly pause: (ms: number) => string;
  readonly ended: Readonly<Record<Exclude<EndReason, 'answered'>, (facts: TaskFacts) => string>>;
  readonly silent: string;
  readonly working: (tools: number, seconds: number) => string;
}

const english: Words = {
  batch: ({ phase, done, total }) =>
    `Batch done${phase === '' ? '' : ` (phase ${phase})`}: ${done} of ${total} tasks. The next one follows.`,
  decompose: (attempt) =>
    `The list of tasks is empty. Claude is asked to break the work into tasks (try ${attempt} of ${mostDecompositions}).`,
  retry: ({ fault }, pause) => `Broken off: ${fault} It is tried again in ${pause}.`,
  pause: (ms) => (ms < 60_000 ? `${Math.round(ms / 1000)} seconds` : minutes(ms)),
  ended: {
    complete: ({ done, total }) =>
      done < total
        ? `Complete, says Claude; ${done} of ${total} tasks are marked as done.`
        : `Complete${total === 0 ? '' : `: all ${total} tasks are done`}.`,
    blocked: ({ blocked: { id, reason }, done, total }) =>
      `Blocked${id === '' ? '' : ` on task ${id}`}${reason === '' ? '.' : `: ${reason}`}${
        total === 0 ? '' : `\n\n${done} of ${total} tasks are done.`
      } Send a message to go on.`,
    no_progress: ({ done, total }) =>
      `No progress this time: ${done} of ${total} tasks are done. It stops here; send a message to go on.`,
    not_decomposed: () =>
      `The list of tasks is still empty after ${mostDecompositions} tries. It stops here; say what the tasks are to go on.`,
    depth_limit: ({ done, total }) =>
      `That was the last batch that may run without asking: ${done} of ${total} tasks are done. Send a message to go on.`,
    failed: ({ fault }) => `The background task failed: ${fault}`,
  },
  silent: 'The background task ended without a word.',
  working: (tools, seconds) =>
    `Working in the background, for ${duration(seconds)} now; ${tools} ${tools === 1 ? 'step' : 'steps'} so far.`,
};

const chinese: Words = {
  batch: ({ phase, done, total }) =>
    `本批完成${phase === '' ? '' : `（阶段 ${phase}）`}：已完成 ${done}/${total} 项任务，继续下一批。`,
  decompose: (attempt) =>
    `任务列表是空的，正在请 Claude 拆分任务（第 ${attempt}/${mostDecompositions} 次）。`,
  retry: ({ fault }, pause) => `中断了：${fault} ${pause}后重试。`,
  pause: (ms) => (ms < 60_000 ? `${Math.round(ms / 1000)} 秒` : `${Math.round(ms / 60_000)} 分钟`),
  ended: {
    complete: ({ done, total }) =>
      done < total
        ? `Claude 表示工作已完成；任务列表中标记完成的有 ${done}/${total} 项。`
        : `已完成${total === 0 ? '' : `：全部 ${total} 项任务`}。`,
    blocked: ({ blocked: { id, reason }, done, total }) =>
      `受阻${id === '' ? '' : `于任务 ${id}`}${reason === '' ? '。' : `：${reason}`}${
        total === 0 ? '' : `\n\n已完成 ${done}/${total} 项任务。`
      }发条消息即可继续。`,
    no_progress: ({ done, total }) =>
      `这次没有进展：已完成 ${done}/${total} 项任务。先停在这里；发条消息即可继续。`,
    not_decomposed: () =>
      `试了 ${mostDecompositions} 次，任务列表仍是空的。先停在这里；请说明有哪些任务。`,
    depth_limit: ({ done, total }) =>
      `自动运行的批次已到上限：已完成 ${done}/${total} 项任务。发条消息即可继续。`,
    failed: ({ fault }) => `后台任务失败：${fault}`,
  },
  silent: '后台任务结束了，没有留下回复。',
  working: (tools, seconds) =>
    `正在后台工作，已 ${seconds < 60 ? `${Math.floor(seconds)} 秒` : `${Math.round(seconds / 60)} 分钟`}，共 ${tools} 步。`,
};

/** What a chat is told of its tasks. */
export const taskWords: Readonly<Record<Language, Words>> = { en: english, zh: chinese };

const duration = (seconds: number): string =>
  seconds < 60 ? `${Math.floor(seconds)} seconds` : minutes(seconds * 1000);

function minutes(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 60_000));
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}
