import { type InputOf, operations, type TaskId } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useGateway } from '../../api/gateway.tsx';
import { useSayError } from '../../api/use-say-error.ts';
import { useFormat } from '../../i18n/format.ts';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { useToast } from '../../ui/toast.tsx';

/** Begins a task and goes to it. @param onStarted it was taken */
export function useStartTask(onStarted: () => void) {
  const words = useWords(taskWords);
  const format = useFormat();
  const client = useGateway();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const onError = useSayError();
  const goTo = (task: TaskId): void => void navigate({ to: '/tasks/$task', params: { task } });
  return useMutation({
    mutationFn: (input: InputOf<typeof operations.startTask>) =>
      client.call(operations.startTask, input),
    onSuccess: (started) => {
      if (started.status === 'rejected') {
        const text = words.rejected(format.duration(started.elapsed * 1000));
        return toast({ tone: 'danger', text });
      }
      onStarted();
      goTo(started.task_id);
    },
    onError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks'] }),
  });
}
