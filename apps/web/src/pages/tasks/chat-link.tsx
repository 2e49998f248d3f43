import { Link } from '@tanstack/react-router';

/** Leads to a chat. The bot is named where it is not the usual one. */
export function ChatLink({ botId, chatId }: { botId: string; chatId: string }) {
  return (
    <Link
      to="/chats/$bot/$chat"
      params={{ bot: botId, chat: chatId }}
      className="relative z-10 inline-block max-w-48 truncate align-bottom text-soft underline decoration-edge underline-offset-3 hover:text-ink"
    >
      <bdi>{botId === 'default' ? chatId : `${botId} / ${chatId}`}</bdi>
    </Link>
  );
}
