import { operations } from '@mini-claude-bot/contract';
import { describeTurn } from '../turns/describe-turn.ts';
import type { TurnService } from '../turns/turn-service.ts';
import type { TurnsRepo } from '../turns/turns-repo.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of single turns call. */
export interface TurnRouteParts {
  readonly turns: TurnService;
  readonly turnsRepo: TurnsRepo;
}

export function bindTurnRoutes(
  binder: OperationBinder,
  { turns, turnsRepo }: TurnRouteParts,
): void {
  binder.bind(operations.listTurns, ({ bot_id, chat_id, state, before, limit }) =>
    turnsRepo.list({ botId: bot_id, chatId: chat_id, state, before, limit }).map(describeTurn),
  );

  binder.bind(operations.getTurn, ({ turn_id }, { caller }) =>
    describeTurn(turns.find(turn_id, caller.botId)),
  );

  binder.bind(operations.turnSteps, ({ turn_id }, { caller }) =>
    turnsRepo.steps(turns.find(turn_id, caller.botId).id),
  );

  binder.bind(operations.cancelTurn, ({ turn_id }, { caller }) =>
    turns.cancel(turns.find(turn_id, caller.botId).id),
  );

  binder.bind(operations.followTurn, ({ turn_id, last_event_id }, { caller }) => ({
    events: turns.follow(turns.find(turn_id, caller.botId).id, last_event_id),
    onLost: () => {},
  }));
}
