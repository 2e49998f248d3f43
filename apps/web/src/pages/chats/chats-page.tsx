import { useQuery } from '@tanstack/react-query';
import { Outlet, useMatchRoute } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { cx } from '../../ui/cx.ts';
import { ChatList } from './chat-list.tsx';
import { chatsQuery } from './chat-queries.ts';
import { ChatsContext } from './chats-context.ts';
import { SeenMessages, seenName } from './seen-messages.ts';
import { TurnFeeds } from './turn/turn-feeds.ts';

export { NoChat } from './no-chat.tsx';

/** The list of chats beside the one that is open; on a phone one or the other. */
export function ChatsPage() {
  const client = useGateway();
  const [shared] = useState(() => ({ seen: new SeenMessages(), feeds: new TurnFeeds(client) }));
  const chats = useQuery(chatsQuery(client));
  const isListShown = useMatchRoute()({ to: '/chats' }) !== false;
  useEffect(() => {
    if (chats.data === undefined) return;
    shared.seen.begin(
      chats.data.map(({ bot_id, session_id, message_count }) => ({
        name: seenName(bot_id, session_id),
        count: message_count,
      })),
    );
  }, [chats.data, shared]);
  return (
    <ChatsContext value={shared}>
      <div className="flex min-h-0 flex-1">
        <div
          className={cx(
            'flex min-h-0 w-full flex-col border-line md:w-80 md:shrink-0 md:border-r',
            !isListShown && 'max-md:hidden',
          )}
        >
          <ChatList chats={chats} />
        </div>
        <div className={cx('flex min-h-0 min-w-0 flex-1 flex-col', isListShown && 'max-md:hidden')}>
          <Outlet />
        </div>
      </div>
    </ChatsContext>
  );
}
