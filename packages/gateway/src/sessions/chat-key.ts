import type { ChatKey } from '@mini-claude-bot/contract';

/** A chat's full name as one text. No two chats share one, whatever stands in their ids. */
export const chatKeyText = ({ botId, chatId }: ChatKey): string => JSON.stringify([botId, chatId]);
