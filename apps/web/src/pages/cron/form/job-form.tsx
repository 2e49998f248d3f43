import { ChevronRight } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { fieldErrors } from '../../../api/field-errors.ts';
import { common } from '../../../i18n/common.ts';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { ErrorNotice } from '../../../ui/states.tsx';
import { JobBar } from '../job-bar.tsx';
import { faultsOf, type JobDraft } from './job-draft.ts';
import { MoreFields } from './more-fields.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { TellFields } from './tell-fields.tsx';
import { WorkFields } from './work-fields.tsx';

export interface JobFormProps {
  readonly title: string;
  readonly initial: JobDraft;
  readonly bot: string;
  /** Which bot it is for, where that can be chosen. */
  readonly botField?: ReactNode;
  readonly submitLabel: string;
  readonly pending: boolean;
  /** Of the last try. */
  readonly error: unknown;
  readonly onSubmit: (draft: JobDraft) => void;
  readonly onCancel: () => void;
}

/** A job, to be made or changed. What is wrong stands at its field. */
export function JobForm(props: JobFormProps) {
  const { title, initial, bot, botField, submitLabel, pending, error, onSubmit, onCancel } = props;
  const { form } = useWords(cronWords);
  const words = useWords(common);
  const [draft, setDraft] = useState(initial);
  const [tries, setTries] = useState(0);
  const [told, setTold] = useState<unknown>();
  const errors = useErrors(draft, tries > 0, error === told ? null : error);
  const place = useRef<HTMLFormElement>(null);
  const [isMore, setIsMore] = useState(false);
  useEffect(() => {
    // The first field that is wrong, after a try that failed: here, or at the gateway.
    if (tries > 0 && !pending) {
      const field = place.current?.querySelector<HTMLElement>('[aria-invalid=true]');
      const fold = field?.closest('details');
      if (fold != null) fold.open = true;
      field?.focus();
    }
  }, [tries, pending]);
  const change = (part: Partial<JobDraft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    setTold(error);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTries((before) => before + 1);
    if (Object.keys(faultsOf(draft)).length === 0) onSubmit(draft);
  };
  const part = { draft, onChange: change, errors };
  const isElsewhere =
    error !== null && error !== told && Object.keys(fieldErrors(error)).length === 0;
  return (
    <>
      <JobBar title={title} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <form
          ref={place}
          noValidate
          onSubmit={submit}
          className="mx-auto flex max-w-2xl flex-col gap-5 px-4 py-5 md:px-8"
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label={form.name}
              error={errors.name}
              className={botField === undefined ? 'sm:col-span-2' : ''}
            >
              {(ids) => (
                <Input
                  {...ids}
                  value={draft.name}
                  placeholder={form.namePlaceholder}
                  autoComplete="off"
                  onChange={({ target }) => change({ name: target.value })}
                />
              )}
            </Field>
            {botField}
          </div>
          <WorkFields {...part} />
          <ScheduleFields value={draft} onChange={change} errors={errors} />
          <TellFields {...part} bot={bot} />
          <details
            open={isMore}
            onToggle={({ currentTarget }) => setIsMore(currentTarget.open)}
            className="rounded-lg border border-line bg-surface"
          >
            <summary className="flex list-none items-center gap-2 rounded-lg px-4 py-3 font-medium text-sm [&::-webkit-details-marker]:hidden">
              <ChevronRight
                className="size-4 text-soft transition-transform duration-100 [details[open]>summary>&]:rotate-90"
                aria-hidden
              />
              {form.more}
            </summary>
            <div className="border-line border-t p-4">
              <MoreFields {...part} />
            </div>
          </details>
          {isElsewhere && <ErrorNotice error={error} />}
          <div className="flex justify-end gap-2 pb-4">
            <Button onClick={onCancel}>{words.cancel}</Button>
            <Button type="submit" tone="solid" pending={pending}>
              {submitLabel}
            </Button>
          </div>
        </form>
      </div>
    </>
  );
}

/** @param tried before that nobody has left anything out yet @param error of the gateway, about what stands there now */
function useErrors(
  draft: JobDraft,
  tried: boolean,
  error: unknown,
): Readonly<Record<string, string | undefined>> {
  const { form } = useWords(cronWords);
  const missing: Readonly<Record<string, string>> = form.missing;
  const own = Object.entries(faultsOf(draft)).flatMap(([field, fault]) => {
    if (fault === 'number') return [[field, form.number] as const];
    return tried ? [[field, missing[field]] as const] : [];
  });
  return { ...fieldErrors(error), ...Object.fromEntries(own) };
}
