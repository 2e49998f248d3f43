import { type OutputOf, type operations, TaskId } from '@mini-claude-bot/contract';
import { Link } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Badge, Dot } from '../../../ui/badge.tsx';
import { ChatLink } from '../chat-link.tsx';
import { issueAddress, pullAddress } from './issue-links.ts';
import { RetryIssue } from './retry-issue.tsx';
import { StopIssue } from './stop-issue.tsx';

export type Issue = OutputOf<typeof operations.listAwayIssues>[number];

const looks = {
  queued: { tone: 'plain', dot: 'off' },
  running: { tone: 'accent', dot: 'busy' },
  publishing: { tone: 'accent', dot: 'busy' },
  done: { tone: 'plain', dot: 'good' },
  failed: { tone: 'danger', dot: 'danger' },
  skipped: { tone: 'plain', dot: 'off' },
} as const;

export function IssueItem({ issue }: { issue: Issue }) {
  const words = useWords(taskWords);
  const format = useFormat();
  const { tone, dot } = looks[issue.status];
  const atMs = (issue.ended_at ?? issue.queued_at) * 1000;
  const pull = pullAddress(issue.pr_url);
  const task = TaskId.safeParse(issue.task_id);
  return (
    <article className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-4 shadow-lift">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="text-soft text-xs">
            <OutLink href={issueAddress(issue.repo, issue.number)}>
              <bdi>{issue.repo}</bdi>#{issue.number}
            </OutLink>
          </p>
          <h2 className="line-clamp-2 font-medium [overflow-wrap:anywhere]">
            <bdi>{issue.title}</bdi>
          </h2>
        </div>
        <Badge tone={tone}>
          <Dot tone={dot} />
          {words.issueStates[issue.status]}
        </Badge>
      </div>
      {issue.error !== null && (
        <p className="text-danger text-sm [overflow-wrap:anywhere]">
          <bdi>{issue.error.slice(0, 1_000)}</bdi>
        </p>
      )}
      {issue.tests !== null && (
        <p className="line-clamp-3 text-sm text-soft [overflow-wrap:anywhere]">
          {words.tests} <bdi>{issue.tests.slice(0, 500)}</bdi>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-soft text-xs">
        <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          {issue.ended_at === null && issue.step !== '' && (
            <span className="text-accent">{words.atStep(issue.step)}</span>
          )}
          <ChatLink botId={issue.bot_id} chatId={issue.chat_id} />
          <code className="max-w-48 truncate font-mono">{issue.branch}</code>
          <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
            {format.moment(atMs)}
          </time>
          {task.success && (
            <Link
              to="/tasks/$task"
              params={{ task: task.data }}
              className="font-medium text-accent hover:underline"
            >
              {words.itsTask}
            </Link>
          )}
          {pull !== undefined && <OutLink href={pull}>{words.pullRequest}</OutLink>}
        </span>
        {issue.ended_at === null && <StopIssue issue={issue} />}
        {issue.status === 'failed' && <RetryIssue issue={issue} />}
      </div>
    </article>
  );
}

/** Leads out of the page; without an address it is text. */
function OutLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined) return <span>{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex items-center gap-1 font-medium text-accent hover:underline"
    >
      <span>{children}</span>
      <ExternalLink className="size-3" aria-hidden />
    </a>
  );
}
