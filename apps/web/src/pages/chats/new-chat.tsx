import { BotId, ChatId } from '@mini-claude-bot/contract';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { chatWords } from '../../i18n/chats.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';

export interface NewChatProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Bots that are known, to choose from; any other may be named. */
  readonly bots: readonly string[];
}

/** Opens a chat by its name: one that nothing was said in yet begins with the first message. */
export function NewChat({ open, onClose, bots }: NewChatProps) {
  const words = useWords(chatWords);
  return (
    <Dialog open={open} onClose={onClose} title={words.newChat} description={words.newChatHint}>
      <NewChatForm onClose={onClose} bots={bots} />
    </Dialog>
  );
}

function NewChatForm({ onClose, bots }: Omit<NewChatProps, 'open'>) {
  const words = useWords(chatWords);
  const navigate = useNavigate();
  const listId = useId();
  const [bot, setBot] = useState('default');
  const [chat, setChat] = useState(newName);
  const [tried, setTried] = useState(false);
  const botError = BotId.safeParse(bot).success ? undefined : words.form.badName;
  const chatError = ChatId.safeParse(chat).success ? undefined : words.form.badName;
  const open = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (botError !== undefined || chatError !== undefined) return;
    onClose();
    void navigate({ to: '/chats/$bot/$chat', params: { bot, chat } });
  };
  return (
    <form onSubmit={open} className="flex flex-col gap-4">
      <Field
        label={words.form.chat}
        hint={words.form.chatHint}
        error={tried ? chatError : undefined}
      >
        {(ids) => (
          <Input
            {...ids}
            value={chat}
            autoFocus
            autoComplete="off"
            onFocus={({ target }) => target.select()}
            onChange={({ target }) => setChat(target.value)}
          />
        )}
      </Field>
      <Field label={words.form.bot} error={tried ? botError : undefined}>
        {(ids) => (
          <>
            <Input
              {...ids}
              value={bot}
              list={listId}
              autoComplete="off"
              onChange={({ target }) => setBot(target.value)}
            />
            <datalist id={listId}>
              {bots.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <div className="flex justify-end">
        <Button type="submit" tone="solid">
          {words.form.open}
        </Button>
      </div>
    </form>
  );
}

/** A name that nobody has yet, and that says when it was made: `chat-1127-2031`. */
function newName(): string {
  const now = new Date();
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = two(now.getMonth() + 1) + two(now.getDate());
  return `chat-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
