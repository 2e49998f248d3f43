import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type ChatPlace, gatewayChat } from './chat-place.ts';
import { ChatView } from './chat-view.tsx';

const chatRoute = getRouteApi('/chats/$bot/$chat');
const historyRoute = getRouteApi('/chats/$bot/history/$session');

export function ChatPage() {
  const { bot, chat } = chatRoute.useParams();
  const { m } = chatRoute.useSearch();
  const place = useMemo(() => gatewayChat(bot, chat), [bot, chat]);
  // Another chat is another page: nothing of one is carried over to the other.
  return <ChatView key={JSON.stringify([bot, chat])} place={place} around={m} />;
}

export function HistoryPage() {
  const { bot, session } = historyRoute.useParams();
  const { m } = historyRoute.useSearch();
  const place = useMemo<ChatPlace>(
    () => ({ botId: bot, chatId: null, sessionId: session }),
    [bot, session],
  );
  return <ChatView key={JSON.stringify([bot, session])} place={place} around={m} />;
}
