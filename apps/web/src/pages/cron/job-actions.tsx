import { type CronJob, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { EllipsisVertical, Link2, Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { useSayError } from '../../api/use-say-error.ts';
import { common } from '../../i18n/common.ts';
import { cronWords } from '../../i18n/cron.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToast } from '../../ui/toast.tsx';
import { jobQuery } from './cron-queries.ts';

/** Run it now, switch it on and off, and the rest in a menu. */
export function JobActions({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const commonWords = useWords(common);
  const navigate = useNavigate();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const run = useRunNow(job);
  const enable = useEnable(job);
  const remove = useDelete(job, () => setAsks(false));
  const params = { job: String(job.id) };
  const copyLink = async (): Promise<void> => {
    if (await copyText(`${window.location.origin}/cron/${job.id}`))
      toast({ text: commonWords.copied });
  };
  return (
    <>
      <Switch
        bare
        label={words.enabled}
        checked={enable.isPending ? enable.variables : job.enabled === 1}
        onChange={(wanted) => enable.mutate(wanted)}
      />
      <Button
        tone="solid"
        icon={Play}
        aria-label={words.runNow}
        title={words.runNow}
        pending={run.isPending}
        onClick={() => run.mutate()}
        className="max-sm:px-2.5"
      >
        <span className="max-sm:hidden">{words.runNow}</span>
      </Button>
      <Menu
        icon={EllipsisVertical}
        label={words.actions}
        entries={[
          {
            kind: 'item',
            icon: Pencil,
            label: words.edit,
            onSelect: () => void navigate({ to: '/cron/$job/edit', params }),
          },
          { kind: 'item', icon: Link2, label: words.copyLink, onSelect: () => void copyLink() },
          { kind: 'line' },
          {
            kind: 'item',
            icon: Trash2,
            label: `${words.delete} …`,
            danger: true,
            onSelect: () => setAsks(true),
          },
        ]}
      />
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={words.deleteTitle(job.name)}
        action={words.delete}
        pending={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{words.deleteBody}</p>
        <p className="mt-2 text-soft">{words.deleteHint}</p>
      </Confirm>
    </>
  );
}

/** The run is opened as soon as it is there, so that its output is seen as it comes. */
function useRunNow({ id }: CronJob) {
  const client = useGateway();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const sayError = useSayError();
  return useMutation({
    mutationFn: () => client.call(operations.runCronJob, { job_id: id, prefer: 'respond-async' }),
    onSuccess: async ({ run_id }) => {
      await queries.invalidateQueries({ queryKey: ['cron', 'history', id] });
      await navigate({
        to: '/cron/$job',
        params: { job: String(id) },
        search: { run: run_id },
      });
    },
    onError: sayError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['cron'] }),
  });
}

function useEnable({ id }: CronJob) {
  const client = useGateway();
  const queries = useQueryClient();
  const sayError = useSayError();
  return useMutation({
    mutationFn: (wanted: boolean) =>
      client.call(wanted ? operations.resumeCronJob : operations.pauseCronJob, { job_id: id }),
    onSuccess: (job) => queries.setQueryData(jobQuery(client, id).queryKey, job),
    onError: sayError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['cron'] }),
  });
}

function useDelete({ id }: CronJob, onDone: () => void) {
  const words = useWords(cronWords);
  const client = useGateway();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const sayError = useSayError();
  return useMutation({
    mutationFn: () => client.call(operations.deleteCronJob, { job_id: id }),
    onSuccess: async () => {
      onDone();
      await navigate({ to: '/cron' });
      toast({ text: words.deleted });
      queries.removeQueries({ queryKey: ['cron', 'job', id] });
      await queries.invalidateQueries({ queryKey: ['cron'] });
    },
    onError: sayError,
  });
}
