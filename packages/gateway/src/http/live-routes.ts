import { operations } from '@mini-claude-bot/contract';
import type { LiveChanges } from '../live/live-changes.ts';
import type { OperationBinder } from './bind.ts';

export function bindLiveRoutes(binder: OperationBinder, live: LiveChanges): void {
  binder.bind(operations.followChanges, ({ bot_id }, { caller }) => ({
    events: (gone) => live.follow(bot_id ?? caller.botId, gone),
    onLost: () => {},
  }));
}
