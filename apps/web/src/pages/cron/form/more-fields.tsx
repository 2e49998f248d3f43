import type { ComponentProps } from 'react';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Switch } from '../../../ui/switch.tsx';
import type { FormPartProps } from './field-props.ts';
import type { JobDraft } from './job-draft.ts';

/** What most jobs leave as it is. */
export function MoreFields({ draft, onChange, errors }: FormPartProps) {
  const { form } = useWords(cronWords);
  const { sessions, overlaps, misfires } = form;
  const part = { draft, onChange, errors };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {draft.job_type === 'claude' && (
        <Field label={form.session} error={errors.session}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.session}
              choices={[
                { value: 'fresh', label: sessions.fresh },
                { value: 'continued', label: sessions.continued },
              ]}
              onChoose={(session) => onChange({ session })}
            />
          )}
        </Field>
      )}
      <Field label={form.overlap} error={errors.overlap}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.overlap}
            choices={[
              { value: 'skip', label: overlaps.skip },
              { value: 'queue', label: overlaps.queue },
              { value: 'parallel', label: overlaps.parallel },
              { value: 'replace', label: overlaps.replace },
            ]}
            onChoose={(overlap) => onChange({ overlap })}
          />
        )}
      </Field>
      <Field label={form.misfire} error={errors.misfire}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.misfire}
            choices={[
              { value: 'skip', label: misfires.skip },
              { value: 'once', label: misfires.once },
              { value: 'all', label: misfires.all },
            ]}
            onChoose={(misfire) => onChange({ misfire })}
          />
        )}
      </Field>
      <TextField {...part} name="misfire_grace_seconds" label={form.grace} />
      <TextField {...part} name="timeout_seconds" label={form.timeout} hint={form.timeoutHint} />
      <TextField {...part} name="retries" label={form.retries} />
      <TextField {...part} name="retry_delay_seconds" label={form.retryDelay} />
      <TextField {...part} name="jitter_seconds" label={form.jitter} />
      <TextField {...part} name="alert_after" label={form.alertAfter} />
      <TextField {...part} name="disable_after" label={form.disableAfter} hint={form.disableHint} />
      <TextField
        {...part}
        name="starts_at"
        label={form.startsAt}
        hint={form.timesHint}
        type="datetime-local"
      />
      <TextField
        {...part}
        name="ends_at"
        label={form.endsAt}
        hint={form.timesHint}
        type="datetime-local"
      />
      <div className="sm:col-span-2">
        <Switch
          label={form.rerun}
          checked={draft.rerun_after_crash}
          onChange={(rerun_after_crash) => onChange({ rerun_after_crash })}
        />
      </div>
    </div>
  );
}

type TextName = Exclude<
  keyof JobDraft,
  'rerun_after_crash' | 'job_type' | 'notify' | 'session' | 'misfire' | 'overlap'
>;

interface TextFieldProps extends FormPartProps, Pick<ComponentProps<'input'>, 'type'> {
  readonly name: TextName;
  readonly label: string;
  readonly hint?: string;
}

function TextField({ draft, onChange, errors, name, label, hint, type }: TextFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })} error={errors[name]}>
      {(ids) => (
        <Input
          {...ids}
          {...(type === undefined ? { inputMode: 'numeric' } : { type })}
          value={draft[name]}
          autoComplete="off"
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      )}
    </Field>
  );
}
