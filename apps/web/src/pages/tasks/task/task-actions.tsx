import { BotId, ChatId, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop, Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { useSayError } from '../../../api/use-say-error.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { Confirm, Dialog } from '../../../ui/dialog.tsx';
import { Field, Textarea } from '../../../ui/field.tsx';
import { useToast } from '../../../ui/toast.tsx';
import { isAtWork } from '../task-state.tsx';
import { useStartTask } from '../use-start-task.ts';
import type { TaskWithSteps } from './task-view.tsx';

/** End it, or go on where it has stopped. */
export function TaskActions({ task }: { task: TaskWithSteps }) {
  const words = useWords(taskWords);
  const [asks, setAsks] = useState<'cancel' | 'resume'>();
  const canResume = !['running', 'completed', 'superseded'].includes(task.state);
  const close = (): void => setAsks(undefined);
  if (!canResume && !isAtWork(task.state)) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {canResume && (
        <Button tone="solid" icon={Play} onClick={() => setAsks('resume')}>
          {task.state === 'blocked' ? words.answer : words.resume}
        </Button>
      )}
      {isAtWork(task.state) && (
        <Button icon={CircleStop} onClick={() => setAsks('cancel')}>
          {words.cancelTask}
        </Button>
      )}
      <Dialog
        open={asks === 'resume'}
        onClose={close}
        title={task.state === 'blocked' ? words.answer : words.resume}
        description={words.resumeHint}
      >
        <ResumeForm task={task} onClose={close} />
      </Dialog>
      <CancelTask task={task} open={asks === 'cancel'} onClose={close} />
    </div>
  );
}

interface AskProps {
  readonly task: TaskWithSteps;
  readonly onClose: () => void;
}

/** A new task of the same project takes over: it has the same conversation, and goes on with the same plan. */
function ResumeForm({ task, onClose }: AskProps) {
  const words = useWords(taskWords);
  const isBlocked = task.state === 'blocked';
  const [message, setMessage] = useState(isBlocked ? '' : words.goOn);
  const [asked, setAsked] = useState(false);
  const start = useStartTask(onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (message.trim() === '') return;
    start.mutate({
      bot_id: BotId.parse(task.bot_id),
      chat_id: ChatId.parse(task.chat_id),
      project_id: task.project_id,
      message,
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={isBlocked ? words.yourAnswer : words.message}
        error={asked && message.trim() === '' ? words.noMessage : undefined}
      >
        {(ids) => (
          <Textarea
            {...ids}
            dir="auto"
            rows={4}
            value={message}
            onChange={({ target }) => setMessage(target.value)}
          />
        )}
      </Field>
      <Button type="submit" tone="solid" className="self-end" pending={start.isPending}>
        {words.resume}
      </Button>
    </form>
  );
}

function CancelTask({ task, open, onClose }: AskProps & { readonly open: boolean }) {
  const words = useWords(taskWords);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  const onError = useSayError();
  const cancel = useMutation({
    mutationFn: () => client.call(operations.cancelTask, { task_id: task.id }),
    onSuccess: ({ cancelled }) => {
      onClose();
      toast({ text: cancelled ? words.cancelled : words.hadEnded });
    },
    onError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks'] }),
  });
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={words.cancelTitle}
      action={words.cancelTask}
      pending={cancel.isPending}
      onConfirm={() => cancel.mutate()}
    >
      {words.cancelBody}
    </Confirm>
  );
}
