import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { ChatSessions } from './chat-sessions.ts';

const everyMs = 60_000;

/** Close idle sessions from time to time. @returns how to end that */
export function startReaper(sessions: ChatSessions, clock: Clock, logger: Logger): () => void {
  let cancel = (): void => {};
  const next = (): void => {
    cancel = clock.after(everyMs, () => void reap());
  };
  const reap = async (): Promise<void> => {
    try {
      for (const { chat, idle } of await sessions.reap()) {
        logger.info({ ...chat, idleSeconds: Math.floor(idle) }, 'closed an idle session');
      }
    } catch (error) {
      logger.error({ err: error }, 'idle sessions could not be closed');
    }
    next();
  };
  next();
  return () => cancel();
}
