import { GatewayError, operations } from '@mini-claude-bot/contract';
import type { ConversationsRepo } from '../history/conversations-repo.ts';
import { describeConversation, describeMessage } from '../history/describe-conversation.ts';
import type { SessionSources } from '../sessions/describe-session.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of conversations call. */
export interface ConversationRouteParts extends SessionSources {
  readonly conversations: ConversationsRepo;
}

export function bindConversationRoutes(
  binder: OperationBinder,
  parts: ConversationRouteParts,
): void {
  const { conversations } = parts;

  binder.bind(operations.listChats, ({ bot_id, before, limit }) =>
    conversations.list(bot_id, before, limit).map((row) => describeConversation(row, parts)),
  );

  binder.bind(operations.listMessages, ({ session_id, bot_id, before, after, limit }) => {
    const rows = conversations.part(session_id, bot_id, { before, after, limit });
    if (rows.length === 0 && !conversations.has(session_id, bot_id)) throw unknown();
    return rows.map(describeMessage);
  });

  binder.bind(operations.markRead, ({ session_id, bot_id, message_id }) => {
    if (!conversations.has(session_id, bot_id)) throw unknown();
    return { unread: conversations.markRead(session_id, bot_id, message_id) };
  });
}

const unknown = (): GatewayError =>
  new GatewayError('not_found', 'There is no conversation with this id.');
