import type { Chat } from '@mini-claude-bot/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { chatWords } from '../../i18n/chats.ts';
import { momentOf, useFormat } from '../../i18n/format.ts';
import { useWords } from '../../settings/settings.tsx';
import { Count } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { chatName } from './chat-place.ts';
import { ChatStateDot, stateOf } from './chat-state.tsx';
import { useChatsPage } from './chats-context.ts';
import { plainExcerpt } from './plain-excerpt.ts';
import { seenName, useSeen } from './seen-messages.ts';

/** One chat of the list: what it is called, what it does, what was said last, and what is new. */
export function ChatItem({ chat, showBot }: { chat: Chat; showBot: boolean }) {
  const words = useWords(chatWords);
  const format = useFormat();
  const { seen } = useChatsPage();
  const counts = useSeen(seen);
  const { last_message: last } = chat;
  const unread = chat.message_count - (counts[seenName(chat.bot_id, chat.session_id)] ?? 0);
  const state = stateOf(chat);
  const writer = last.role === 'assistant' ? undefined : (last.username ?? words.you);
  const at = momentOf(last.created_at);
  return (
    <ChatLink chat={chat}>
      <span className="flex items-center gap-2">
        <ChatStateDot state={state} />
        <bdi
          className={cx('min-w-0 flex-1 truncate', unread > 0 ? 'font-semibold' : 'font-medium')}
        >
          {chatName(chat)}
        </bdi>
        <time
          dateTime={new Date(at).toISOString()}
          className="shrink-0 text-soft text-xs tabular-nums"
        >
          {format.moment(at)}
        </time>
      </span>
      <span className="flex items-center gap-2 pl-4">
        <span className="min-w-0 flex-1 truncate text-sm text-soft">
          {writer !== undefined && (
            <>
              <bdi>{writer}</bdi>:{' '}
            </>
          )}
          <bdi className={cx(last.source === 'error' && 'text-danger')}>
            {plainExcerpt(last.text)}
          </bdi>
        </span>
        {unread > 0 && <Count label={words.unread(unread)}>{unread > 99 ? '99+' : unread}</Count>}
      </span>
      {showBot && (
        <span className="truncate pl-4 text-soft text-xs">
          <bdi>{chat.bot_id}</bdi>
        </span>
      )}
    </ChatLink>
  );
}

const link =
  'flex flex-col gap-0.5 rounded-md px-3 py-2.5 transition-colors duration-100 hover:bg-hover';
const active = { className: 'bg-accent-wash hover:!bg-accent-wash' };

function ChatLink({ chat, children }: { chat: Chat; children: ReactNode }) {
  if (chat.chat_id === null) {
    return (
      <Link
        to="/chats/$bot/history/$session"
        params={{ bot: chat.bot_id, session: chat.session_id }}
        className={link}
        activeProps={active}
        activeOptions={{ includeSearch: false }}
      >
        {children}
      </Link>
    );
  }
  return (
    <Link
      to="/chats/$bot/$chat"
      params={{ bot: chat.bot_id, chat: chat.chat_id }}
      className={link}
      activeProps={active}
      activeOptions={{ includeSearch: false }}
    >
      {children}
    </Link>
  );
}
