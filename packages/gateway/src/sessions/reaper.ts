import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { ChatSessions } from './chat-sessions.ts';

const everyMs = 30_000;

/**
 * Close idle sessions, and warm processes that hold too much, from time to time.
 * @returns how to end that; resolves when nothing of it goes on
 */
export function startReaper(
  sessions: Pick<ChatSessions, 'reap'>,
  claude: Pick<ClaudeRuntime, 'trim'>,
  clock: Clock,
  logger: Logger,
): () => Promise<void> {
  let cancel = (): void => {};
  let stopped = false;
  let pass: Promise<void> = Promise.resolve();
  const next = (): void => {
    if (stopped) return;
    cancel = clock.after(everyMs, () => {
      pass = reap();
    });
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
  return async () => {
    stopped = true;
    cancel();
    await pass;
  };
}
