import type { Chat } from '@mini-claude-bot/contract';

/** Which conversation a page is about. */
export interface ChatPlace {
  readonly botId: string;
  /** Null: it is no chat of the gateway. */
  readonly chatId: string | null;
  readonly sessionId: string;
}

/** The history's name for a gateway chat, also for one in which nothing was said yet. */
export const gatewayChat = (botId: string, chatId: string): ChatPlace => ({
  botId,
  chatId,
  sessionId: `gw-${botId}-${chatId}`,
});

/** What a chat is called on the page. */
export const chatName = ({ chat_id, session_id }: Pick<Chat, 'chat_id' | 'session_id'>): string =>
  chat_id ?? session_id;
