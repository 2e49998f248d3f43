import type { Config } from '../config/config.ts';
import { chatSessionId } from '../history/chat-session-id.ts';
import type { LaneProfile } from '../turns/lane-profile.ts';
import type { ChatSessions } from './chat-sessions.ts';

/** Turns of a chat's main lane: a user said something, and waits for the answer. */
export const chatLane = (config: Config, sessions: ChatSessions): LaneProfile => ({
  attended: true,
  limits: {
    totalMs: config.GATEWAY_CLAUDE_TIMEOUT * 1000,
    noProgressMs: config.GATEWAY_BUSY_STUCK_TIMEOUT * 1000,
  },
  waitMs: config.GATEWAY_QUEUE_WAIT_TIMEOUT * 1000,
  queueMax: config.GATEWAY_QUEUE_MAX,
  sessions,
  storedUnder: ({ chat }) => ({ sessionId: chatSessionId(chat), source: 'telegram' }),
  afterRestart: () => ({ kind: 'interrupted' }),
});
