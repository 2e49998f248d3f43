import { operations } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import { isOfBot } from '../sessions/chat-key.ts';
import type { TurnService } from '../turns/turn-service.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes about the gateway itself call. */
export interface SystemRouteParts {
  readonly turns: TurnService;
  readonly claude: ClaudeRuntime;
  readonly clock: Clock;
}

export function bindSystemRoutes(
  binder: OperationBinder,
  { turns, claude, clock }: SystemRouteParts,
): void {
  const startedAtMs = clock.now();

  binder.bind(operations.ping, () => ({ status: 'ok' as const }));

  binder.bind(operations.health, (_input, { caller: { botId } }) => ({
    status: turns.stopping ? ('stopping' as const) : ('ok' as const),
    uptime_seconds: (clock.now() - startedAtMs) / 1000,
    active_sessions: claude.warm().filter(({ key }) => botId === undefined || isOfBot(key, botId))
      .length,
  }));
}
