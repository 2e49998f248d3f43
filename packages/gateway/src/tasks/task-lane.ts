import type { TurnId } from '@mini-claude-bot/contract';
import type { Config } from '../config/config.ts';
import { chatSessionId } from '../history/chat-session-id.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import type { LaneSessions } from '../sessions/lane-sessions.ts';
import type { LaneSessionsRepo } from '../sessions/lane-sessions-repo.ts';
import type { LaneKey } from '../turns/lane.ts';
import type { LaneProfile } from '../turns/lane-profile.ts';
import { promptAfterRestart } from './step-prompts.ts';
import type { TaskChain } from './task-chain.ts';

/** A turn that takes the gateway down with it must not do so for ever. */
const mostAttempts = 10;

/** What turns of background tasks are run with. */
export interface TaskLaneParts {
  readonly config: Config;
  readonly chats: ChatSessions;
  readonly sessions: LaneSessions;
  readonly laneSessions: LaneSessionsRepo;
  readonly chain: TaskChain;
  /** How long a turn of a lane may take, in milliseconds; undefined: as long as it takes. */
  readonly longest: (place: LaneKey) => number | undefined;
  /** The end of a turn is written. */
  readonly onEnded: (turnId: TurnId) => void;
}

/** Turns of background tasks: they take as long as they take, and go on after a restart. */
export const taskLane = (parts: TaskLaneParts): LaneProfile => {
  const { config, chats, sessions, laneSessions, chain, longest, onEnded } = parts;
  const noProgressMs = config.GATEWAY_BUSY_STUCK_TIMEOUT * 1000;
  return {
    attended: false,
    limits: { totalMs: undefined, noProgressMs },
    limitsOf: (place) => ({ totalMs: longest(place), noProgressMs }),
    waitMs: Number.POSITIVE_INFINITY,
    queueMax: Number.POSITIVE_INFINITY,
    sessions: {
      // A task may be the first that a chat does.
      register: (place) => {
        chats.register(place);
        sessions.register(place);
      },
      open: sessions.open,
      noteClaudeSession: sessions.noteClaudeSession,
      finishTurn: sessions.finishTurn,
    },
    storedUnder: ({ chat }) => ({ sessionId: chatSessionId(chat), source: 'background' }),
    afterRestart: ({ bot_id, chat_id, lane, prompt, attempts }) => {
      if (attempts >= mostAttempts) return { kind: 'interrupted' };
      const chat = { botId: bot_id, chatId: chat_id };
      const heard = laneSessions.find({ chat, lane })?.claude_session_id ?? null;
      return { kind: 'resumed', prompt: heard === null ? prompt : promptAfterRestart(prompt) };
    },
    onEnd: (turn, result) => chain.turnEnded(turn, result),
    afterEnd: ({ id }) => onEnded(id),
  };
};
