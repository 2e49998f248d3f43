import { type AwayIssue, AwayIssueId, BotId, ChatId, operations } from '@mini-claude-bot/contract';
import type { z } from 'zod';
import { askGateway, givenAs } from '../ask-gateway.ts';
import type { ConfigSources } from '../settings.ts';
import { table } from '../table.ts';

export interface AwayAsked {
  readonly bot?: string | undefined;
  readonly chat?: string | undefined;
  readonly limit: string;
  readonly url?: string | undefined;
  readonly json: boolean;
}

type Issue = z.infer<typeof AwayIssue>;

/** Show the work on issues, newest first. @returns exit code */
export async function awayStatus(asked: AwayAsked, sources: ConfigSources): Promise<number> {
  const { bot, chat, limit, url, json } = asked;
  const { limit: limitSchema } = operations.listAwayIssues.input.shape;
  const filter = {
    ...(bot === undefined ? {} : { bot_id: givenAs(BotId, '--bot', bot) }),
    ...(chat === undefined ? {} : { chat_id: givenAs(ChatId, '--chat', chat) }),
    limit: givenAs(limitSchema, '--limit', Number(limit)),
  };
  const issues = await askGateway(url, sources, (client) =>
    client.call(operations.listAwayIssues, filter),
  );
  if (json) print(JSON.stringify(issues, undefined, 2));
  else if (issues.length === 0) print('No issue was worked on.');
  else print(tableOf(issues));
  return 0;
}

/** End the work on one issue. @returns exit code */
export async function stopIssue(
  id: string,
  { url, json }: AwayAsked,
  sources: ConfigSources,
): Promise<number> {
  const issue_id = givenAs(AwayIssueId, 'The work', Number(id));
  const stopped = await askGateway(url, sources, (client) =>
    client.call(operations.stopAwayIssue, { issue_id }),
  );
  if (json) print(JSON.stringify(stopped, undefined, 2));
  else {
    const { repo, number, branch } = stopped;
    print(`The work on ${repo}#${number} is stopped; what there is of it is kept on ${branch}.`);
  }
  return 0;
}

const tableOf = (issues: readonly Issue[]): string =>
  table(
    ['ID', 'ISSUE', 'STATUS', 'STEP', 'TITLE', 'RESULT'],
    issues.map(({ id, repo, number, status, step, title, pr_url, error }) => [
      ...[String(id), `${repo}#${number}`, status, step, title],
      pr_url ?? error ?? '',
    ]),
  );

const print = (text: string): void => void process.stdout.write(`${text}\n`);
