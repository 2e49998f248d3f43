import { GatewayError, operations } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { HealthWatch } from '../health/health-watch.ts';
import type { Clock } from '../host/clock.ts';
import { isOfBot } from '../sessions/chat-key.ts';
import type { TurnService } from '../turns/turn-service.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes about the gateway itself call. */
export interface SystemRouteParts {
  readonly turns: TurnService;
  readonly claude: ClaudeRuntime;
  readonly clock: Clock;
  readonly health: Pick<HealthWatch, 'findings'>;
}

export function bindSystemRoutes(
  binder: OperationBinder,
  { turns, claude, clock, health }: SystemRouteParts,
): void {
  const startedAtMs = clock.now();

  /** With what an answer has anyhow: who knows nothing of findings sees at least the status. */
  const refuseTrouble = (fields: object): void => {
    const { findings } = health;
    if (findings.length === 0 || turns.stopping) return;
    const words = findings.map(({ found, fix }) => `${found} ${fix}`).join(' ');
    throw new GatewayError('unhealthy', words, {
      fields: { status: 'trouble', ...fields, findings },
    });
  };

  binder.bind(operations.ping, () => {
    refuseTrouble({});
    return { status: 'ok' as const };
  });

  binder.bind(operations.health, (_input, { caller: { botId } }) => {
    const fields = {
      uptime_seconds: (clock.now() - startedAtMs) / 1000,
      active_sessions: claude.warm().filter(({ key }) => botId === undefined || isOfBot(key, botId))
        .length,
    };
    refuseTrouble(fields);
    return { status: turns.stopping ? ('stopping' as const) : ('ok' as const), ...fields };
  });
}
