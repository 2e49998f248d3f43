import { operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useGateway } from '../../../api/gateway.tsx';
import { useSayError } from '../../../api/use-say-error.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { useToast } from '../../../ui/toast.tsx';
import type { Issue } from './issue-item.tsx';

/** Go on with the work on an issue that failed. */
export function RetryIssue({ issue }: { issue: Issue }) {
  const words = useWords(taskWords);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  const onError = useSayError();
  const retry = useMutation({
    mutationFn: () => client.call(operations.retryAwayIssue, { issue_id: issue.id }),
    onSuccess: () => toast({ text: words.issueRetried(`${issue.repo}#${issue.number}`) }),
    onError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks', 'issues'] }),
  });
  return (
    <Button small icon={RotateCw} pending={retry.isPending} onClick={() => retry.mutate()}>
      {words.retry}
    </Button>
  );
}
