import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { ChatSessions } from './chat-sessions.ts';

const everyMs = 30_000;

/** Close idle sessions, and warm processes that hold too much, from time to time. @returns how to end that */
export function startReaper(
  sessions: ChatSessions,
  claude: ClaudeRuntime,
  clock: Clock,
  logger: Logger,
): () => void {
  let cancel = (): void => {};
  const next = (): void => {
    cancel = clock.after(everyMs, () => void reap());
  };
  const reap = async (): Promise<void> => {
    try {
      for (const { chat, idle } of await sessions.reap()) {
        logger.info({ ...chat, idleSeconds: Math.floor(idle) }, 'closed an idle session');
      }
      await claude.trim();
    } catch (error) {
      logger.error({ err: error }, 'idle sessions could not be closed');
    }
    next();
  };
  next();
  return () => cancel();
}
