import { type CronJob, CronJobId, GatewayError, operations } from '@mini-claude-bot/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { useToast } from '../../../ui/toast.tsx';
import { jobQuery } from '../cron-queries.ts';
import { JobPending, NoSuchJob } from '../job-page.tsx';
import { changeOf, draftOf, type JobDraft } from './job-draft.ts';
import { JobForm } from './job-form.tsx';

export function EditJob() {
  const { job } = useParams({ from: '/cron/$job/edit' });
  const id = CronJobId.safeParse(Number(job));
  return id.success ? <EditOf key={id.data} id={id.data} /> : <NoSuchJob />;
}

function EditOf({ id }: { id: CronJobId }) {
  const job = useQuery(jobQuery(useGateway(), id));
  if (job.data !== undefined) return <Edit job={job.data} />;
  if (job.error instanceof GatewayError && job.error.code === 'not_found') return <NoSuchJob />;
  return (
    <JobPending error={job.isError ? job.error : undefined} onRetry={() => void job.refetch()} />
  );
}

function Edit({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const client = useGateway();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  // What a run changes in the row meanwhile is no change of the form.
  const [initial] = useState(() => draftOf(job));
  const back = () => navigate({ to: '/cron/$job', params: { job: String(job.id) } });
  const save = useMutation({
    mutationFn: async (draft: JobDraft) => {
      const change = changeOf(initial, draft);
      if (Object.keys(change).length === 0) return undefined;
      return client.call(operations.updateCronJob, { ...change, job_id: job.id });
    },
    onSuccess: async (saved) => {
      toast({ text: saved === undefined ? words.form.nothingChanged : words.form.saved });
      if (saved !== undefined) queries.setQueryData(jobQuery(client, job.id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['cron'] });
      await back();
    },
  });
  return (
    <JobForm
      title={words.form.editTitle(job.name)}
      initial={initial}
      bot={job.bot_id}
      submitLabel={words.form.save}
      pending={save.isPending}
      error={save.error}
      onSubmit={(draft) => save.mutate(draft)}
      onCancel={() => void back()}
    />
  );
}
