import { operations } from '@mini-claude-bot/contract';
import type { AwayService } from '../away/away-service.ts';
import type { Clock } from '../host/clock.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of away mode call. */
export interface AwayRouteParts {
  readonly away: AwayService;
  readonly clock: Clock;
}

export function bindAwayRoutes(binder: OperationBinder, { away, clock }: AwayRouteParts): void {
  binder.bind(operations.setAway, async ({ bot_id, chat_id, action }) => {
    const chat = { botId: bot_id, chatId: chat_id };
    if (action === 'away') {
      await away.leave(chat);
      return { status: 'ok' as const, message: 'Nirmana activated', briefing: null };
    }
    const briefing = await away.comeBack(chat);
    return briefing === undefined
      ? { status: 'ok' as const, message: 'Not in Nirmana mode', briefing: '' }
      : { status: 'ok' as const, message: null, briefing };
  });

  binder.bind(operations.awayStatus, ({ bot_id, chat_id }) => {
    const state = away.stateOf({ botId: bot_id, chatId: chat_id });
    return {
      nirmana_mode: state.away,
      nirmana_activated_at: state.since,
      away_duration_seconds: state.away ? Math.max(0, clock.now() / 1000 - state.since) : null,
    };
  });
}
