import type { MessageTurn } from '@mini-claude-bot/contract';
import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { chatWords } from '../../i18n/chats.ts';
import { useWords } from '../../settings/settings.tsx';
import { IconButton } from '../../ui/button.tsx';
import type { ChatPlace } from './chat-place.ts';
import { useCancelTurn } from './turn/use-cancel-turn.ts';

export interface ComposerProps {
  readonly place: ChatPlace;
  /** The turn that is being answered. */
  readonly running: MessageTurn | undefined;
  readonly onSend: (text: string) => void;
}

/** Drafts by chat, for as long as the page is open. */
const drafts = new Map<string, string>();

export function Composer({ place, running, onSend }: ComposerProps) {
  const words = useWords(chatWords);
  const name = `${place.botId} ${place.sessionId}`;
  const [text, setText] = useState(() => drafts.get(name) ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const cancel = useCancelTurn();
  useEffect(() => void drafts.set(name, text), [name, text]);
  useEffect(() => {
    // On a phone the keyboard would come up over what one came to read.
    if (window.matchMedia('(pointer: fine)').matches) input.current?.focus();
  }, []);
  const send = (): void => {
    if (text.trim() === '') return;
    onSend(text);
    setText('');
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While characters are being composed, Enter is the input method's.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="shrink-0 px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-5 md:pb-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto flex max-w-[46rem] items-end gap-1.5 rounded-xl border border-line bg-surface p-1.5 shadow-lift transition-colors focus-within:border-accent">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          aria-label={words.composer.label}
          placeholder={words.composer.placeholder}
          title={words.composer.hint}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[40dvh] min-h-9 flex-1 resize-none bg-transparent px-2.5 py-1.5 outline-none"
        />
        {running !== undefined && (
          <IconButton
            icon={Square}
            label={words.composer.stop}
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(running.id)}
          />
        )}
        <IconButton
          type="submit"
          tone="solid"
          icon={ArrowUp}
          label={words.composer.send}
          disabled={text.trim() === ''}
        />
      </div>
    </form>
  );
}
