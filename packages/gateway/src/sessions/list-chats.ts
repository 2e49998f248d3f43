import type { BotId, Chat } from '@mini-claude-bot/contract';
import { chatIdIn, chatSessionId } from '../history/chat-session-id.ts';
import type { ConversationsRepo, LastMessageRow } from '../history/conversations-repo.ts';
import type { TaskService } from '../tasks/task-service.ts';
import type { ChatSessions } from './chat-sessions.ts';
import { describeSession, type SessionSources } from './describe-session.ts';

/** Where chats, and what they do at present, are known. */
export interface ChatSources extends SessionSources {
  readonly conversations: ConversationsRepo;
  readonly sessions: ChatSessions;
  readonly tasks: TaskService;
}

/** All that was said in, newest first, with what it does at the moment. @param botId undefined: of all bots */
export function listChats(botId: BotId | undefined, sources: ChatSources): Chat[] {
  const { conversations, sessions, tasks } = sources;
  const live = new Map(
    sessions
      .list(botId)
      .map((row) => [
        nameOf(row.bot_id, chatSessionId({ botId: row.bot_id, chatId: row.chat_id })),
        describeSession(row, sources),
      ]),
  );
  const atWork = new Set(
    tasks
      .open()
      .map((task) =>
        nameOf(task.bot_id, chatSessionId({ botId: task.bot_id, chatId: task.chat_id })),
      ),
  );
  return conversations.lastMessages(botId).map((row) => {
    const name = nameOf(row.bot_id, row.session_id);
    const session = live.get(name);
    return {
      session_id: row.session_id,
      bot_id: row.bot_id,
      chat_id: chatIdIn(row.session_id, row.bot_id),
      has_session: session !== undefined,
      state: session?.state ?? 'cold',
      queued: session?.queued ?? 0,
      busy_seconds: session?.busy_seconds ?? 0,
      background: atWork.has(name),
      message_count: row.message_count,
      last_message: lastMessage(row),
    };
  });
}

const nameOf = (botId: string, sessionId: string): string => JSON.stringify([botId, sessionId]);

const lastMessage = ({ id, role, source, username, text, created_at }: LastMessageRow) => ({
  id,
  role,
  source,
  username,
  text,
  created_at,
});
