/** The chat history's name for a gateway chat. */
export const chatSessionId = (chat: { readonly botId: string; readonly chatId: string }): string =>
  `gw-${chat.botId}-${chat.chatId}`;

/** The chat of a conversation; null: it is no gateway chat's. */
export function chatIdIn(sessionId: string, botId: string): string | null {
  const start = `gw-${botId}-`;
  return sessionId.startsWith(start) && sessionId.length > start.length
    ? sessionId.slice(start.length)
    : null;
}

/** The Telegram chat's number where the chat id is one (groups are negative), else null. */
export function telegramChatId(chatId: string): number | null {
  if (!/^-?\d+$/.test(chatId)) return null;
  const number = Number(chatId);
  return Number.isSafeInteger(number) ? number : null;
}
