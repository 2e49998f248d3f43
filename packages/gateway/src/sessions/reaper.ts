import type { ChatKey } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';

const everyMs = 30_000;

/** A session whose process was closed because nobody used it. */
export interface Reaped {
  readonly chat: ChatKey;
  readonly type: 'interactive' | 'background';
  /** Seconds. */
  readonly idle: number;
}

/** Close the processes of sessions of one kind that have been idle too long. */
export type Reap = () => Promise<Reaped[]>;

/** All kinds, one after the other: whom a user waits for comes first. */
export const reapAll =
  (kinds: readonly Reap[]): Reap =>
  async () => {
    const reaped: Reaped[] = [];
    for (const reap of kinds) reaped.push(...(await reap()));
    return reaped;
  };

/**
 * Close idle sessions, and warm processes that hold too much, from time to time.
 * @returns how to end that; resolves when nothing of it goes on
 */
export function startReaper(
  reapIdle: Reap,
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
      for (const { chat, type, idle } of await reapIdle()) {
        logger.info({ ...chat, type, idleSeconds: Math.floor(idle) }, 'closed an idle session');
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
