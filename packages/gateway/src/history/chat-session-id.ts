import type { ChatKey } from '@mini-claude-bot/contract';

/** The chat history's name for a gateway chat. */
export const chatSessionId = ({ botId, chatId }: ChatKey): string => `gw-${botId}-${chatId}`;

/** The Telegram chat's number where the chat id is one (groups are negative), else null. */
export function telegramChatId(chatId: string): number | null {
  if (!/^-?\d+$/.test(chatId)) return null;
  const number = Number(chatId);
  return Number.isSafeInteger(number) ? number : null;
}
