import type { ChatKey } from '@mini-claude-bot/contract';
import { chatKeyText } from '../sessions/chat-key.ts';

/** The line that a turn waits in, within its chat: one turn of a lane runs at a time. */
export type Lane = 'main' | `bg:${string}` | `cron:${string}`;
export type LaneKind = 'main' | 'bg' | 'cron';

/** Who asked: a user in the chat, or the part of the gateway that works by itself. */
export type Origin = 'chat' | 'background' | 'cron';

/** A lane of a chat. */
export interface LaneKey {
  readonly chat: ChatKey;
  readonly lane: Lane;
}

export const laneKind = (lane: Lane): LaneKind => {
  if (lane === 'main') return 'main';
  return lane.startsWith('bg:') ? 'bg' : 'cron';
};

/** A lane's full name as one text. No two lanes share one, whatever stands in their names. */
export const laneKeyText = ({ chat, lane }: LaneKey): string =>
  lane === 'main' ? chatKeyText(chat) : JSON.stringify([chat.botId, chat.chatId, lane]);
