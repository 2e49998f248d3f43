import type { ChatKey } from '@mini-claude-bot/contract';
import { chatKeyText } from '../sessions/chat-key.ts';

/** The line that a turn waits in, within its chat: one turn of a lane runs at a time. */
export type Lane = 'main' | `bg:${string}` | `cron:${string}` | `report:${string}`;
export type LaneKind = 'main' | 'bg' | 'cron' | 'report';

/** Who asked: a user in the chat, or the part of the gateway that works by itself. */
export type Origin = 'chat' | 'background' | 'cron' | 'report';

/** A lane of a chat. */
export interface LaneKey {
  readonly chat: ChatKey;
  readonly lane: Lane;
}

export const laneKind = (lane: Lane): LaneKind => {
  if (lane === 'main') return 'main';
  if (lane.startsWith('bg:')) return 'bg';
  return lane.startsWith('report:') ? 'report' : 'cron';
};

/** A lane's full name as one text. No two lanes share one, whatever stands in their names. */
export const laneKeyText = ({ chat, lane }: LaneKey): string =>
  lane === 'main' ? chatKeyText(chat) : JSON.stringify([chat.botId, chat.chatId, lane]);
