import type { Client } from '@mini-claude-bot/client';
import { ChatId, type ChatMessage, operations, type Turn } from '@mini-claude-bot/contract';
import type { PlannedChat } from './plan.ts';
import { botId } from './readers.ts';

/** What the gateway has stored of a chat, oldest first. */
export interface StoredChat {
  readonly turns: readonly Turn[];
  readonly history: readonly ChatMessage[];
}

/** Far more than a chat of the plan has: a turn too many would be seen. */
const limit = 500;

export async function readBack({ id }: PlannedChat, client: Client): Promise<StoredChat> {
  const chat_id = ChatId.parse(id);
  const turns = await client.call(operations.listTurns, { bot_id: botId, chat_id, limit });
  // A chat of which nothing is stored has no history to ask for.
  if (turns.length === 0) return { turns: [], history: [] };
  const session_id = `gw-${botId}-${id}`;
  const history = await client.call(operations.getChatSession, { session_id, bot_id: botId });
  return { turns: turns.reverse(), history };
}
