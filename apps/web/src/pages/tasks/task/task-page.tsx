import { GatewayError, TaskId } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useGateway } from '../../../api/gateway.tsx';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { DetailFrame } from '../detail-frame.tsx';
import { taskQuery } from '../task-queries.ts';
import { TaskView } from './task-view.tsx';

/** One task, as it goes on. */
export function TaskPage() {
  const { task } = useParams({ from: '/tasks/$task' });
  const id = TaskId.safeParse(task);
  return id.success ? <KnownTask key={id.data} id={id.data} /> : <NoTask />;
}

function KnownTask({ id }: { id: TaskId }) {
  const words = useWords(taskWords);
  const task = useQuery(taskQuery(useGateway(), id));
  if (task.data !== undefined) return <TaskView task={task.data} />;
  if (task.error instanceof GatewayError && task.error.code === 'not_found') return <NoTask />;
  return (
    <DetailFrame back="/tasks" backName={words.toTasks} title={words.task}>
      {task.isError ? (
        <ErrorNotice error={task.error} onRetry={() => void task.refetch()} />
      ) : (
        <div role="status" aria-label={words.task} className="flex flex-col gap-4">
          <Skeleton className="h-6 w-2/3" />
          <Skeleton className="h-24 rounded-lg" />
          <Skeleton className="h-40 rounded-lg" />
        </div>
      )}
    </DetailFrame>
  );
}

function NoTask() {
  const words = useWords(taskWords);
  return (
    <DetailFrame back="/tasks" backName={words.toTasks} title={words.task}>
      <EmptyState
        icon={SearchX}
        title={words.noTask}
        action={
          <Link
            to="/tasks"
            className="font-medium text-accent text-sm underline underline-offset-4"
          >
            {words.toTasks}
          </Link>
        }
      />
    </DetailFrame>
  );
}
