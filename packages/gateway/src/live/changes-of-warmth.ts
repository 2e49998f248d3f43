import type { LiveChange } from '@mini-claude-bot/contract';
import { chatSessionId } from '../history/chat-session-id.ts';
import { laneOfText } from '../turns/lane-of-text.ts';

/** What has changed when a Claude process lives now, or does not any more. @param key the lane's full name */
export function changesOfWarmth(key: string): LiveChange[] {
  const found = laneOfText(key);
  if (found === undefined) return [{ topic: 'status' }];
  const { botId, chatId } = found;
  return [
    { topic: 'status' },
    { topic: 'chats', bot_id: botId, chat_id: chatId, id: chatSessionId(found) },
  ];
}
