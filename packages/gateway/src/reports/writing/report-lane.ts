import { ChatId, type ChatKey, defaultBotId } from '@mini-claude-bot/contract';
import type { LaneSessions } from '../../sessions/lane-sessions.ts';
import type { LaneSessionsRepo } from '../../sessions/lane-sessions-repo.ts';
import type { LaneKey } from '../../turns/lane.ts';
import type { LaneProfile } from '../../turns/lane-profile.ts';
import type { ReportRuns } from '../runs/report-runs.ts';

/** A turn that takes the gateway down with it must not do so for ever. */
const mostAttempts = 5;

/** Each report works as a chat of its own, with a directory that is no other's. */
export const reportChat = (report: string): ChatKey => ({
  botId: defaultBotId,
  chatId: ChatId.parse(`report-${report}`),
});

/** Each run has a lane, and with it a session, of its own. */
export const reportPlace = (run: { readonly report: string; readonly seq: number }): LaneKey => ({
  chat: reportChat(run.report),
  lane: `report:${run.seq}`,
});

/** What turns of reports are run with. */
export interface ReportLaneParts {
  readonly sessions: LaneSessions;
  readonly laneSessions: LaneSessionsRepo;
  readonly runs: Pick<ReportRuns, 'turnEnded' | 'afterTurn'>;
  /** Longest turn, in milliseconds. */
  readonly limitMs: number;
  readonly noProgressMs: number;
}

/** Turns of reports: nobody waits at a chat, and looking things up has no effect that must not happen twice. */
export const reportLane = (parts: ReportLaneParts): LaneProfile => {
  const { sessions, laneSessions, runs, limitMs, noProgressMs } = parts;
  return {
    attended: false,
    limits: { totalMs: limitMs, noProgressMs },
    waitMs: Number.POSITIVE_INFINITY,
    queueMax: 100,
    sessions,
    storedUnder: ({ chat }) => ({ sessionId: `${chat.chatId}-${chat.botId}`, source: 'report' }),
    afterRestart: ({ bot_id, chat_id, lane, prompt, attempts }) => {
      if (attempts >= mostAttempts) return { kind: 'interrupted' };
      const chat = { botId: bot_id, chatId: chat_id };
      const heard = laneSessions.find({ chat, lane })?.claude_session_id ?? null;
      return { kind: 'resumed', prompt: heard === null ? prompt : `${goOn}\n\n${prompt}` };
    },
    onEnd: (turn, result) => runs.turnEnded(turn, result),
    afterEnd: ({ id }) => runs.afterTurn(id),
  };
};

const goOn =
  'You were interrupted. Use what you have found out so far, look up what is missing, and hand the report over.';
