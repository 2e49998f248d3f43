import { type BotId, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useBots, usualBot } from '../../../api/bots.ts';
import { useGateway } from '../../../api/gateway.tsx';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { useToast } from '../../../ui/toast.tsx';
import { inputOf, type JobDraft, newDraft } from './job-draft.ts';
import { JobForm } from './job-form.tsx';
import { ownZone } from './wall-time.ts';

export function NewJob() {
  const words = useWords(cronWords);
  const client = useGateway();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const bots = useBots();
  const [chosen, setBot] = useState<BotId>();
  const bot = chosen ?? usualBot(bots);
  const [initial] = useState(() => newDraft(ownZone()));
  const create = useMutation({
    mutationFn: (draft: JobDraft) =>
      client.call(operations.createCronJob, { ...inputOf(draft), bot_id: bot }),
    onSuccess: async ({ id }) => {
      toast({ text: words.form.created });
      await queries.invalidateQueries({ queryKey: ['cron', 'jobs'] });
      await navigate({ to: '/cron/$job', params: { job: String(id) } });
    },
  });
  return (
    <JobForm
      title={words.form.newTitle}
      initial={initial}
      bot={bot}
      botField={
        bots.length > 1 ? (
          <Field label={words.form.bot}>
            {(ids) => (
              <Select
                {...ids}
                value={bot}
                choices={bots.map((value) => ({ value, label: value }))}
                onChoose={setBot}
              />
            )}
          </Field>
        ) : undefined
      }
      submitLabel={words.form.create}
      pending={create.isPending}
      error={create.error}
      onSubmit={(draft) => create.mutate(draft)}
      onCancel={() => void navigate({ to: '/cron' })}
    />
  );
}
