import type { OutputOf, operations, TaskState } from '@mini-claude-bot/contract';
import { CircleAlert, CircleHelp } from 'lucide-react';
import { errors } from '../../../i18n/errors.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { Panel } from '../../../ui/panel.tsx';
import { ChatLink } from '../chat-link.tsx';
import { DetailFrame } from '../detail-frame.tsx';
import { HarnessBar, HarnessPhases } from '../harness-progress.tsx';
import { LongText } from '../long-text.tsx';
import { TaskTimes } from '../task-item.tsx';
import { isAtWork, TaskStateBadge } from '../task-state.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskLog } from './task-log.tsx';

export type TaskWithSteps = OutputOf<typeof operations.getTask>;

export function TaskView({ task }: { task: TaskWithSteps }) {
  const words = useWords(taskWords);
  const { harness } = task;
  return (
    <DetailFrame
      back="/tasks"
      backName={words.toTasks}
      title={harness?.project_name || words.task}
      actions={<TaskStateBadge state={task.state} />}
    >
      <div className="flex flex-col gap-3">
        <LongText text={task.message} className="font-medium" />
        <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-soft text-xs">
          <ChatLink botId={task.bot_id} chatId={task.chat_id} />
          {task.project_id !== '' && <bdi>{words.project(task.project_id)}</bdi>}
          <TaskTimes task={task} />
        </p>
        <TaskActions task={task} />
      </div>
      {task.result !== null && task.result !== '' && <Result task={task} />}
      {harness !== null && harness.total > 0 && (
        <Panel
          title={words.plan}
          aside={
            <span className="text-soft text-xs tabular-nums">
              {words.done(harness.done, harness.total)}
            </span>
          }
        >
          <HarnessBar counts={harness} />
          <HarnessPhases harness={harness} />
        </Panel>
      )}
      <TaskLog task={task} />
      <p className="text-soft text-xs">
        {words.directory}{' '}
        <code className="font-mono [overflow-wrap:anywhere]">
          <bdi>{task.cwd}</bdi>
        </code>
      </p>
    </DetailFrame>
  );
}

const troubles: Partial<Record<TaskState, { wash: string; ink: string }>> = {
  blocked: { wash: 'bg-warn-wash', ink: 'text-warn' },
  incomplete: { wash: 'bg-warn-wash', ink: 'text-warn' },
  failed: { wash: 'bg-danger-wash', ink: 'text-danger' },
};

/** What came of it; where it needs something or failed, that is told apart. */
function Result({ task: { state, result, error } }: { task: TaskWithSteps }) {
  const words = useWords(taskWords);
  const errorWords = useWords(errors);
  const text = result ?? '';
  const trouble = troubles[state];
  if (trouble === undefined || isAtWork(state)) {
    return (
      <Panel title={words.result}>
        <LongText text={text} markdown />
      </Panel>
    );
  }
  const Icon = state === 'blocked' ? CircleHelp : CircleAlert;
  return (
    <section
      aria-label={words.stateHints[state]}
      className={cx('flex gap-3 rounded-lg p-4 text-sm', trouble.wash)}
    >
      <Icon className={cx('mt-0.5 size-[1.125rem] shrink-0', trouble.ink)} aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <h2 className="font-semibold">
          {error === null ? words.stateHints[state] : errorWords.codes[error]}
        </h2>
        <LongText text={text} markdown={state !== 'failed'} />
      </div>
    </section>
  );
}
