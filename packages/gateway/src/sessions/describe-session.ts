import type { ChatKey, Session } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { chatKeyText } from './chat-key.ts';
import type { SessionRow } from './sessions-repo.ts';

/** Where a session's present state is known. */
export interface SessionSources {
  readonly turns: TurnService;
  readonly claude: ClaudeRuntime;
  readonly clock: Clock;
}

/** A session as the contract shows it: its row, and what it does at the moment. */
export function describeSession(
  row: SessionRow,
  { turns, claude, clock }: SessionSources,
): Session {
  const chat = { botId: row.bot_id, chatId: row.chat_id };
  const running = turns.running(chat);
  const now = clock.now();
  const secondsSince = (ms: number): number => Math.max(0, Math.floor((now - ms) / 1000));
  const busy = running !== undefined;
  return {
    chat_id: row.chat_id,
    bot_id: row.bot_id,
    busy,
    first_done: row.first_done === 1,
    last_active: row.last_active,
    idle_seconds: busy ? 0 : secondsSince(row.last_active * 1000),
    busy_seconds: running?.startedAtMs === undefined ? 0 : secondsSince(running.startedAtMs),
    ...stateOf(chat, { turns, claude }),
  };
}

/** What a chat does at the moment. */
export function stateOf(
  chat: ChatKey,
  { turns, claude }: Pick<SessionSources, 'turns' | 'claude'>,
): Pick<Session, 'state' | 'queued'> {
  const queued = turns.waiting(chat);
  if (turns.running(chat) !== undefined) return { state: 'busy', queued };
  if (queued > 0) return { state: 'queued', queued };
  return { state: claude.isWarm(chatKeyText(chat)) ? 'idle' : 'cold', queued };
}
