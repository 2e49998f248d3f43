import type { Task } from '@mini-claude-bot/contract';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ChatLink } from './chat-link.tsx';
import { HarnessBar } from './harness-progress.tsx';
import { isAtWork, TaskStateBadge } from './task-state.tsx';

/** More of a text is on the task's own page. */
const excerpt = (text: string): string => text.slice(0, 300);

/** One task of the list: what is to be done, how far it is, and what it needs. */
export function TaskItem({ task }: { task: Task }) {
  const words = useWords(taskWords);
  const { harness, state } = task;
  const says = state === 'blocked' || state === 'failed' || state === 'incomplete';
  return (
    <article className="relative flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-4 shadow-lift transition-colors hover:border-edge">
      <div className="flex items-start gap-3">
        <h3 className="min-w-0 flex-1 font-medium">
          <Link
            to="/tasks/$task"
            params={{ task: task.id }}
            className="line-clamp-2 [overflow-wrap:anywhere] after:absolute after:inset-0 after:rounded-lg"
          >
            <bdi>{excerpt(task.message)}</bdi>
          </Link>
        </h3>
        <TaskStateBadge state={state} />
      </div>
      {harness !== null && harness.total > 0 && (
        <div className="flex flex-col gap-1.5">
          <HarnessBar counts={harness} />
          <p className="flex gap-3 text-soft text-xs tabular-nums">
            <span>{words.done(harness.done, harness.total)}</span>
            {harness.blocked > 0 && (
              <span className="text-warn">{words.blockedCount(harness.blocked)}</span>
            )}
            {isAtWork(state) && harness.current_phase !== '' && (
              <bdi className="min-w-0 truncate">{harness.current_phase}</bdi>
            )}
          </p>
        </div>
      )}
      {says && task.result !== null && (
        <p className="line-clamp-2 text-sm text-soft [overflow-wrap:anywhere]">
          <bdi>{excerpt(task.result)}</bdi>
        </p>
      )}
      <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-soft text-xs">
        <ChatLink botId={task.bot_id} chatId={task.chat_id} />
        {task.project_id !== '' && (
          <bdi className="max-w-40 truncate">{words.project(task.project_id)}</bdi>
        )}
        <TaskTimes task={task} />
        {task.chain_depth > 0 && <span>{words.batches(task.chain_depth + 1)}</span>}
      </p>
    </article>
  );
}

/** Since when it is at work and for how long, or when it ended. */
export function TaskTimes({ task }: { task: Task }) {
  const words = useWords(taskWords);
  const format = useFormat();
  const atWork = isAtWork(task.state);
  const now = useNow(atWork ? 1_000 : 'stopped');
  const startedMs = task.started_at * 1000;
  const endMs = task.finished_at === null ? now : task.finished_at * 1000;
  const nextMs = task.next_step_at === null ? undefined : task.next_step_at * 1000;
  return (
    <>
      <time
        dateTime={new Date(startedMs).toISOString()}
        title={format.full(startedMs)}
        className="tabular-nums"
      >
        {atWork ? words.since(format.moment(startedMs)) : format.moment(startedMs)}
      </time>
      <span className="tabular-nums">{format.duration(Math.max(0, endMs - startedMs))}</span>
      {task.state === 'waiting' && nextMs !== undefined && (
        <span className="text-accent">{words.nextStep(format.relative(nextMs, now))}</span>
      )}
    </>
  );
}
