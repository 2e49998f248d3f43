import { operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { useSayError } from '../../../api/use-say-error.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { useToast } from '../../../ui/toast.tsx';
import type { Issue } from './issue-item.tsx';

/** End the work on one issue now. */
export function StopIssue({ issue }: { issue: Issue }) {
  const words = useWords(taskWords);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  const onError = useSayError();
  const [asks, setAsks] = useState(false);
  const stop = useMutation({
    mutationFn: () => client.call(operations.stopAwayIssue, { issue_id: issue.id }),
    onSuccess: () => toast({ text: words.issueStopped(`${issue.repo}#${issue.number}`) }),
    onError,
    onSettled: () => {
      setAsks(false);
      return queries.invalidateQueries({ queryKey: ['tasks', 'issues'] });
    },
  });
  return (
    <>
      <Button small icon={CircleStop} onClick={() => setAsks(true)}>
        {words.stopIssue}
      </Button>
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={words.stopIssueTitle(`${issue.repo}#${issue.number}`)}
        action={words.stopIssue}
        pending={stop.isPending}
        onConfirm={() => stop.mutate()}
      >
        {words.stopIssueBody}
      </Confirm>
    </>
  );
}
