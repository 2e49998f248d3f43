import type { BotId, ChatKey } from '@mini-claude-bot/contract';

/** A chat's full name as one text. No two chats share one, whatever stands in their ids. */
export const chatKeyText = ({ botId, chatId }: ChatKey): string => JSON.stringify([botId, chatId]);

/** Whether a chat, by its full name as one text, is of that bot. */
export const isOfBot = (keyText: string, botId: BotId): boolean =>
  keyText.startsWith(`[${JSON.stringify(botId)},`);
