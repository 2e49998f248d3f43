import type { Chat } from '@mini-claude-bot/contract';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { common } from '../../i18n/common.ts';
import { useWords } from '../../settings/settings.tsx';
import { ChatActions } from './chat-actions.tsx';
import type { ChatPlace } from './chat-place.ts';
import { ChatStateBadge, stateOf } from './chat-state.tsx';

export function ChatHeader({ place, chat }: { place: ChatPlace; chat: Chat | undefined }) {
  const words = useWords(common);
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-line border-b bg-paper px-2 md:px-5">
      <Link
        to="/chats"
        aria-label={words.back}
        title={words.back}
        className="flex size-10 items-center justify-center rounded-md text-soft hover:bg-hover md:hidden"
      >
        <ArrowLeft className="size-5" aria-hidden />
      </Link>
      <div className="flex min-w-0 flex-1 flex-col">
        <h2 className="truncate font-semibold leading-tight">
          <bdi>{place.chatId ?? place.sessionId}</bdi>
        </h2>
        <p className="truncate text-soft text-xs">
          <bdi>{place.botId}</bdi>
        </p>
      </div>
      {place.chatId !== null && (
        <>
          {chat !== undefined && <ChatStateBadge state={stateOf(chat)} />}
          <ChatActions botId={place.botId} chatId={place.chatId} />
        </>
      )}
    </header>
  );
}
