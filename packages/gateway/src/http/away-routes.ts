import { AwayIssueId, type AwayStatus, operations } from '@mini-claude-bot/contract';
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

  binder.bind(operations.listAwayIssues, ({ bot_id, chat_id, limit }, { caller }) =>
    awayIssues.list(bot_id ?? caller.botId, chat_id, limit).map(described),
  );

  binder.bind(operations.stopAwayIssue, async ({ issue_id }, { caller }) =>
    described(await awayIssues.stopOne(issue_id, caller.botId)),
  );

  binder.bind(operations.awayStatus, ({ bot_id, chat_id }) => {
    const state = away.stateOf({ botId: bot_id, chatId: chat_id });
    return {
      nirmana_mode: state.away,
      nirmana_activated_at: state.since,
      away_duration_seconds: state.away ? Math.max(0, clock.now() / 1000 - state.since) : null,
    };
  });
}

function inRoundup(issue: AwayIssueRow) {
  const { repo, number, title, branch, pr_url, error } = issue;
  const status = statusOf(issue);
  // None waits once no more are begun.
  if (status === 'queued') return [];
  const known = { repo, number, title, branch, status, pr_url };
  return [error === null ? known : { ...known, error }];
}

/** As callers know it. */
function statusOf({ state }: AwayIssueRow): AwayStatus {
  switch (state) {
    case 'preparing':
    case 'running':
    case 'staging':
    case 'testing':
      return 'running';
    case 'committing':
    case 'pushing':
    case 'proposing':
      return 'publishing';
    default:
      return state;
  }
}

function described(issue: AwayIssueRow) {
  const { seq, bot_id, chat_id, repo, number, title, branch, state, task_id } = issue;
  const { pr_url, error, tests, queued_at_ms, ended_at_ms } = issue;
  return {
    ...{ id: AwayIssueId.parse(seq), bot_id, chat_id, repo, number, title, branch },
    ...{ status: statusOf(issue), step: state, task_id, pr_url, error, tests },
    queued_at: queued_at_ms / 1000,
    ended_at: ended_at_ms === null ? null : ended_at_ms / 1000,
  };
}
