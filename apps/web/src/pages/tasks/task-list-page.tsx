import { type Task, TaskState } from '@mini-claude-bot/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListChecks, Plus } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { EmptyState, ErrorNotice } from '../../ui/states.tsx';
import { ListSkeleton, OlderButton } from './list-parts.tsx';
import { StartTask } from './start-task.tsx';
import { TaskItem } from './task-item.tsx';
import { taskPagesQuery, tasksAtWorkQuery } from './task-queries.ts';
import { isAtWork } from './task-state.tsx';
import { TasksFrame } from './tasks-frame.tsx';

/** Background tasks: those at work first, then those that have ended. */
export function TaskListPage() {
  const words = useWords(taskWords);
  const client = useGateway();
  const { state } = useSearch({ from: '/tasks/' });
  const navigate = useNavigate({ from: '/tasks/' });
  const atWork = useQuery(tasksAtWorkQuery(client));
  const pages = useInfiniteQuery(taskPagesQuery(client, state));
  const [isNew, setIsNew] = useState(false);
  const all = pages.data?.pages.flat() ?? [];
  const working = state === undefined ? (atWork.data ?? []) : [];
  const rest = state === undefined ? all.filter((task) => !isAtWork(task.state)) : all;
  const isEmpty = pages.isSuccess && all.length === 0 && working.length === 0;
  const begin = (
    <Button tone="solid" icon={Plus} onClick={() => setIsNew(true)}>
      {words.newTask}
    </Button>
  );
  return (
    <TasksFrame actions={begin}>
      {(!isEmpty || state !== undefined) && (
        <Select
          aria-label={words.filter}
          className="!w-auto self-start"
          value={state ?? ''}
          choices={[
            { value: '' as const, label: words.anyState },
            ...TaskState.options.map((value) => ({ value, label: words.states[value] })),
          ]}
          onChoose={(chosen) =>
            void navigate({ search: chosen === '' ? {} : { state: chosen }, replace: true })
          }
        />
      )}
      {pages.isPending && <ListSkeleton label={words.tasks} />}
      {pages.isError && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {isEmpty && state === undefined && (
        <EmptyState icon={ListChecks} title={words.none.title} action={begin}>
          {words.none.body}
        </EmptyState>
      )}
      {isEmpty && state !== undefined && (
        <p className="py-10 text-center text-soft text-sm">{words.noneInState}</p>
      )}
      {working.length > 0 && <TaskGroup name={words.atWork} tasks={working} />}
      {rest.length > 0 && (
        <TaskGroup name={state === undefined ? words.ended : words.states[state]} tasks={rest} />
      )}
      <OlderButton query={pages} />
      <StartTask open={isNew} onClose={() => setIsNew(false)} />
    </TasksFrame>
  );
}

function TaskGroup({ name, tasks }: { name: string; tasks: readonly Task[] }) {
  return (
    <section aria-label={name} className="flex flex-col gap-2">
      <h2 className="font-semibold text-sm text-soft">{name}</h2>
      <ul className="flex flex-col gap-2">
        {tasks.map((task) => (
          <li key={task.id}>
            <TaskItem task={task} />
          </li>
        ))}
      </ul>
    </section>
  );
}
