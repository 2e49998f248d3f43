import { BotId, type Chat, ChatId, type MessageOfTurn, ToolUse } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { type SessionSources, stateOf } from '../sessions/describe-session.ts';
import type { ConversationRow, MessageRow } from './conversations-repo.ts';

/** A conversation as the contract shows it: its row, and what its chat does at the moment. */
export function describeConversation(row: ConversationRow, sources: SessionSources): Chat {
  const { session_id, bot_id, message_count, unread, tasks } = row;
  const { last_id: id, role, source, username, created_at, preview } = row;
  const chatId = chatIdOf(session_id, bot_id);
  const chat = chatKeyOf(bot_id, chatId);
  const { state, queued } =
    chat === undefined ? ({ state: 'cold', queued: 0 } as const) : stateOf(chat, sources);
  return {
    session_id,
    bot_id,
    chat_id: chatId,
    message_count,
    unread,
    last_message: { id, role, source, username, created_at, preview },
    state,
    queued,
    tasks,
  };
}

function chatIdOf(sessionId: string, botId: string): string | null {
  const prefix = `gw-${botId}-`;
  return sessionId.startsWith(prefix) ? sessionId.slice(prefix.length) : null;
}

/** Files of the old system may have names in them that are none any more. */
function chatKeyOf(bot: string, chat: string | null) {
  const [botId, chatId] = [BotId.safeParse(bot).data, ChatId.safeParse(chat).data];
  return botId === undefined || chatId === undefined ? undefined : { botId, chatId };
}

const Tools = z.array(ToolUse);
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** A message with its turn, as the contract shows it. */
export function describeMessage(row: MessageRow): MessageOfTurn {
  const { id, session_id, role, content, source } = row;
  const { telegram_chat_id, user_id, username, created_at, bot_id } = row;
  const who = { telegram_chat_id, user_id, username, created_at, bot_id };
  return { id, session_id, role, content, source, ...who, turn: turnOf(row) };
}

function turnOf(row: MessageRow): MessageOfTurn['turn'] {
  if (row.turn_id === null) return null;
  return {
    id: row.turn_id,
    lane: row.lane,
    origin: row.origin,
    state: row.state,
    error: row.error_code,
    queued_at: row.queued_at_ms / 1000,
    started_at: seconds(row.started_at_ms),
    finished_at: seconds(row.finished_at_ms),
    attempts: row.attempts,
    usage:
      row.input_tokens === null
        ? null
        : {
            input_tokens: row.input_tokens,
            output_tokens: row.output_tokens ?? 0,
            cache_read_tokens: row.cache_read_tokens ?? 0,
            cache_creation_tokens: row.cache_creation_tokens ?? 0,
          },
    cost_usd: row.cost_usd,
    thinking: row.thinking ?? '',
    tools: row.tools === null ? [] : Tools.parse(JSON.parse(row.tools)),
  };
}
