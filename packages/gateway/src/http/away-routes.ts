import { operations } from '@mini-claude-bot/contract';
import type { AwayIssues } from '../away/away-issues.ts';
import type { AwayIssueRow } from '../away/away-issues-repo.ts';
import type { AwayService } from '../away/away-service.ts';
import type { Clock } from '../host/clock.ts';
import type { BotTokens } from '../outbox/bot-tokens.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of away mode call. */
export interface AwayRouteParts {
  readonly away: AwayService;
  readonly awayIssues: AwayIssues;
  readonly botTokens: BotTokens;
  readonly clock: Clock;
}

export function bindAwayRoutes(binder: OperationBinder, parts: AwayRouteParts): void {
  const { away, awayIssues, botTokens, clock } = parts;
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

  binder.bind(operations.startAwayWork, async ({ bot_id, chat_id, bot_token }) => {
    const chat = { botId: bot_id, chatId: chat_id };
    const work = await awayIssues.start(chat, () => botTokens.remember(bot_id, bot_token));
    const { repos, begun, capped } = work;
    return { repos: [...repos], queued: begun.length, issues: [...begun], capped };
  });

  binder.bind(operations.stopAwayWork, ({ bot_id, chat_id }) => {
    const roundup = awayIssues.stop({ botId: bot_id, chatId: chat_id });
    return { roundup: roundup.flatMap(inRoundup), stopped_new_pickups: true };
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

function inRoundup({ repo, number, title, branch, state, pr_url, error }: AwayIssueRow) {
  // None waits once no more are begun.
  if (state === 'queued') return [];
  const known = { repo, number, title, branch, status: state, pr_url };
  return [error === null ? known : { ...known, error }];
}
