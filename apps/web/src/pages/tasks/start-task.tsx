import { BotId, type Chat, ChatId, operations } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { taskWords } from '../../i18n/tasks.ts';
import { about } from '../../live/about.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import { useStartTask } from './use-start-task.ts';

export interface StartTaskProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Have something done in the background of a chat. */
export function StartTask({ open, onClose }: StartTaskProps) {
  const words = useWords(taskWords);
  return (
    <Dialog open={open} onClose={onClose} title={words.newTask} description={words.newTaskHint}>
      <StartForm onClose={onClose} />
    </Dialog>
  );
}

const nameOf = ({ bot_id, chat_id }: Chat): string => JSON.stringify([bot_id, chat_id]);

function StartForm({ onClose }: { onClose: () => void }) {
  const words = useWords(taskWords);
  const client = useGateway();
  const chats = useQuery({
    queryKey: ['chats', 'to begin a task in'],
    queryFn: ({ signal }) => client.call(operations.listChats, {}, signal),
    meta: about('chats'),
  });
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState('');
  const [message, setMessage] = useState('');
  const [asked, setAsked] = useState(false);
  const start = useStartTask(onClose);
  const known = (chats.data ?? []).filter(({ chat_id }) => chat_id !== null);
  const chat = known.find((one) => nameOf(one) === chosen);
  const chatId = ChatId.safeParse(chat?.chat_id ?? name.trim());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (!chatId.success || message.trim() === '') return;
    const bot_id = BotId.parse(chat?.bot_id ?? 'default');
    start.mutate({ bot_id, chat_id: chatId.data, message });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {known.length > 0 && (
        <Field label={words.chat}>
          {(ids) => (
            <Select
              {...ids}
              value={chosen}
              choices={[
                { value: '', label: words.otherChat },
                ...known.map((one) => ({
                  value: nameOf(one),
                  label:
                    one.bot_id === 'default' ? `${one.chat_id}` : `${one.bot_id} / ${one.chat_id}`,
                })),
              ]}
              onChoose={setChosen}
            />
          )}
        </Field>
      )}
      {chat === undefined && (
        <Field
          label={words.chatName}
          hint={words.chatNameHint}
          error={asked && !chatId.success ? words.badChat : undefined}
        >
          {(ids) => (
            <Input
              {...ids}
              dir="auto"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label={words.message}
        error={asked && message.trim() === '' ? words.noMessage : undefined}
      >
        {(ids) => (
          <Textarea
            {...ids}
            dir="auto"
            rows={5}
            value={message}
            onChange={({ target }) => setMessage(target.value)}
          />
        )}
      </Field>
      <Button type="submit" tone="solid" className="self-end" pending={start.isPending}>
        {words.start}
      </Button>
    </form>
  );
}
