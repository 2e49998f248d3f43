import { GatewayError, operations } from '@mini-claude-bot/contract';
import type { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import type { ConversationsRepo } from '../history/conversations-repo.ts';
import { type ChatSources, listChats } from '../sessions/list-chats.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of the chat history call. */
export interface ChatRouteParts extends ChatSources {
  readonly history: ChatHistoryRepo;
  readonly conversations: ConversationsRepo;
}

export function bindChatRoutes(binder: OperationBinder, parts: ChatRouteParts): void {
  const { history, conversations } = parts;

  binder.bind(operations.listChatSessions, ({ bot_id }) => history.sessions(bot_id));

  binder.bind(operations.getChatSession, ({ session_id, bot_id, limit }) => {
    const messages = history.messages(session_id, bot_id, limit);
    if (messages.length > 0) return messages;
    throw new GatewayError('not_found', 'There is no conversation with this id.');
  });

  binder.bind(operations.listChats, ({ bot_id }) => listChats(bot_id, parts));

  binder.bind(operations.readConversation, (input) => conversations.read(input));

  binder.bind(operations.addChatMessage, (input) => ({
    id: history.add({
      sessionId: input.session_id,
      botId: input.bot_id,
      role: input.role,
      content: input.content,
      source: input.source,
      telegramChatId: input.telegram_chat_id ?? null,
      userId: null,
      username: null,
    }),
  }));
}
