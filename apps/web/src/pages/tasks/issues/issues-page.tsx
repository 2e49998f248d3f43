import { useQuery } from '@tanstack/react-query';
import { GitPullRequestDraft } from 'lucide-react';
import { useGateway } from '../../../api/gateway.tsx';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { EmptyState, ErrorNotice } from '../../../ui/states.tsx';
import { ListSkeleton } from '../list-parts.tsx';
import { issuesQuery } from '../task-queries.ts';
import { TasksFrame } from '../tasks-frame.tsx';
import { IssueItem } from './issue-item.tsx';

/** Issues that were worked on while their owner was away. */
export function IssuesPage() {
  const words = useWords(taskWords);
  const issues = useQuery(issuesQuery(useGateway()));
  return (
    <TasksFrame>
      {issues.isPending && <ListSkeleton label={words.issues} />}
      {issues.isError && <ErrorNotice error={issues.error} onRetry={() => void issues.refetch()} />}
      {issues.data?.length === 0 && (
        <EmptyState icon={GitPullRequestDraft} title={words.noIssues.title}>
          <p>{words.noIssues.body}</p>
          <p className="mt-2">
            <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs">
              {words.noIssues.command}
            </code>
          </p>
        </EmptyState>
      )}
      <ul className="flex flex-col gap-2">
        {issues.data?.map((issue) => (
          <li key={issue.id}>
            <IssueItem issue={issue} />
          </li>
        ))}
      </ul>
    </TasksFrame>
  );
}
