import { useQuery } from '@tanstack/react-query';
import { MessageCircle } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { chatWords } from '../../i18n/chats.ts';
import { useWords } from '../../settings/settings.tsx';
import { EmptyState, ErrorNotice } from '../../ui/states.tsx';
import { ChatHeader } from './chat-header.tsx';
import type { ChatPlace } from './chat-place.ts';
import { chatsQuery } from './chat-queries.ts';
import { useChatsPage } from './chats-context.ts';
import { Composer } from './composer.tsx';
import { rowsOf } from './conversation/conversation-rows.ts';
import { MessageList } from './conversation/message-list.tsx';
import { MessagesSkeleton } from './conversation/messages-skeleton.tsx';
import { OutgoingRow } from './conversation/outgoing-row.tsx';
import { useMessageLog } from './conversation/use-message-log.ts';
import { seenName } from './seen-messages.ts';
import { useOutgoing } from './use-outgoing.ts';

/** One conversation: what it is, what was said, and where to say more. */
export function ChatView({ place, around }: { place: ChatPlace; around: number | undefined }) {
  const words = useWords(chatWords);
  const client = useGateway();
  const { seen } = useChatsPage();
  const chats = useQuery(chatsQuery(client));
  const log = useMessageLog(place, around);
  const outgoing = useOutgoing(place);
  const chat = chats.data?.find(
    ({ bot_id, session_id }) => bot_id === place.botId && session_id === place.sessionId,
  );
  const count = chat?.message_count;
  useEffect(() => {
    if (count !== undefined && !document.hidden) {
      seen.note(seenName(place.botId, place.sessionId), count);
    }
  }, [count, seen, place]);
  const messages = log.data?.messages;
  const rows = useMemo(() => rowsOf(messages ?? []), [messages]);
  const running = rows.findLast((row) => row.kind === 'live')?.turn;
  const isEmpty = log.data !== undefined && rows.length === 0 && outgoing.all.length === 0;
  return (
    <section aria-label={place.chatId ?? place.sessionId} className="flex min-h-0 flex-1 flex-col">
      <ChatHeader place={place} chat={chat} />
      {log.isPending && <MessagesSkeleton />}
      {log.isError && log.data === undefined && (
        <div className="m-auto w-full max-w-lg p-4">
          <ErrorNotice error={log.error} onRetry={() => void log.refetch()} />
        </div>
      )}
      {isEmpty && (
        <EmptyState icon={MessageCircle} title={words.empty.title}>
          {words.empty.body}
        </EmptyState>
      )}
      {log.data !== undefined && !isEmpty && (
        <MessageList
          key={around ?? 'end'}
          place={place}
          rows={rows}
          log={log.data}
          around={around}
          onLoad={log.load}
          footer={outgoing.all.map((one) => (
            <OutgoingRow key={one.key} outgoing={one} actions={outgoing} />
          ))}
        />
      )}
      {place.chatId === null ? (
        <p className="border-line border-t px-4 py-3 text-center text-soft text-sm">
          {words.readOnly}
        </p>
      ) : (
        <Composer place={place} running={running} onSend={outgoing.send} />
      )}
    </section>
  );
}
