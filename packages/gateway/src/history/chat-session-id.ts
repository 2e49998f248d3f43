/** The chat history's name for a gateway chat. */
export const chatSessionId = (chat: { readonly botId: string; readonly chatId: string }): string =>
  `gw-${chat.botId}-${chat.chatId}`;

/** The Telegram chat's number where the chat id is one (groups are negative), else null. */
export function telegramChatId(chatId: string): number | null {
  if (!/^-?\d+$/.test(chatId)) return null;
  const number = Number(chatId);
  return Number.isSafeInteger(number) ? number : null;
}
