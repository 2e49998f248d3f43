import type { Chat } from '@mini-claude-bot/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { MessagesSquare, Plus } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { ListHead } from '../../app/list-head.tsx';
import { chatWords } from '../../i18n/chats.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { ChatItem } from './chat-item.tsx';
import { chatName } from './chat-place.ts';
import { NewChat } from './new-chat.tsx';

export function ChatList({ chats }: { chats: UseQueryResult<Chat[]> }) {
  const words = useWords(chatWords);
  const [isNew, setIsNew] = useState(false);
  const [filter, setFilter] = useState('');
  // Many rows: they are made while the page answers already.
  const known = useDeferredValue(chats.data);
  const all = known ?? [];
  const bots = useMemo(() => [...new Set(all.map(({ bot_id }) => bot_id))].toSorted(), [all]);
  const wanted = filter.trim().toLowerCase();
  const shown =
    wanted === ''
      ? all
      : all.filter((chat) => `${chatName(chat)} ${chat.bot_id}`.toLowerCase().includes(wanted));
  const begin = (): void => setIsNew(true);
  return (
    <>
      <ListHead
        title={words.title}
        add={{ label: words.newChat, onClick: begin }}
        filter={{ label: words.filter, value: filter, onChange: setFilter }}
        count={all.length}
      />
      <nav aria-label={words.list} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {known === undefined && !chats.isError && <ListSkeleton />}
        {chats.isError && chats.data === undefined && (
          <ErrorNotice error={chats.error} onRetry={() => void chats.refetch()} />
        )}
        {known?.length === 0 && (
          <EmptyState
            icon={MessagesSquare}
            title={words.none.title}
            action={
              <Button tone="solid" icon={Plus} onClick={begin}>
                {words.newChat}
              </Button>
            }
          >
            {words.none.body}
          </EmptyState>
        )}
        {all.length > 0 && shown.length === 0 && (
          <p className="px-3 py-8 text-center text-soft text-sm">{words.noneFound}</p>
        )}
        <ul className="flex flex-col gap-px">
          {shown.map((chat) => (
            <li key={`${chat.bot_id}/${chat.session_id}`}>
              <ChatItem chat={chat} showBot={bots.length > 1} />
            </li>
          ))}
        </ul>
      </nav>
      <NewChat open={isNew} onClose={() => setIsNew(false)} bots={bots} />
    </>
  );
}

function ListSkeleton() {
  const words = useWords(chatWords);
  return (
    <div role="status" aria-label={words.list}>
      {['a', 'b', 'c', 'd', 'e'].map((key) => (
        <div key={key} className="flex flex-col gap-2 px-3 py-3">
          <Skeleton className="h-4 w-2/5" />
          <Skeleton className="h-3.5 w-4/5" />
        </div>
      ))}
    </div>
  );
}
