import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { fieldErrors } from '../../../api/field-errors.ts';
import { useGateway } from '../../../api/gateway.tsx';
import { cronWords } from '../../../i18n/cron.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useSettings, useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { Field, Input } from '../../../ui/field.tsx';
import { ErrorNotice } from '../../../ui/states.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSettled } from '../../../ui/use-settled.ts';
import { previewQuery } from '../cron-queries.ts';
import { presetsAt } from './presets.ts';
import { knownZones } from './wall-time.ts';

export interface Times {
  readonly cron_expression: string;
  readonly timezone: string;
}

export interface ScheduleFieldsProps {
  readonly value: Times;
  readonly onChange: (change: Partial<Times>) => void;
  readonly errors: Readonly<Record<string, string | undefined>>;
}

/** When a job runs, and at once what that means: in words, and the next five times. */
export function ScheduleFields({ value, onChange, errors }: ScheduleFieldsProps) {
  const { form } = useWords(cronWords);
  const zonesId = useId();
  const [presets] = useState(() => presetsAt(Date.now()));
  const { cron_expression: expression, timezone } = value;
  const preview = usePreview(value);
  const found = fieldErrors(preview.error);
  return (
    <div className="flex flex-col gap-3">
      <fieldset aria-label={form.presets} className="flex flex-wrap gap-1.5">
        {presets.map((preset) => (
          <button
            key={preset.name}
            type="button"
            aria-pressed={preset.expression === expression.trim()}
            onClick={() => onChange({ cron_expression: preset.expression })}
            className={cx(
              'rounded-full border px-2.5 py-1 text-xs transition-colors',
              preset.expression === expression.trim()
                ? 'border-accent bg-accent-wash font-medium text-accent-strong'
                : 'border-line bg-surface text-soft hover:border-edge hover:text-ink',
            )}
          >
            {form.preset[preset.name]}
          </button>
        ))}
      </fieldset>
      <div className="grid items-start gap-4 sm:grid-cols-[1fr_14rem]">
        <Field
          label={form.expression}
          hint={form.expressionHint}
          error={errors.cron_expression ?? found.expression}
        >
          {(ids) => (
            <Input
              {...ids}
              value={expression}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono"
              onChange={({ target }) => onChange({ cron_expression: target.value })}
            />
          )}
        </Field>
        <Field label={form.zone} hint={form.zoneHint} error={errors.timezone ?? found.timezone}>
          {(ids) => (
            <>
              <Input
                {...ids}
                value={timezone}
                list={zonesId}
                autoComplete="off"
                spellCheck={false}
                onChange={({ target }) => onChange({ timezone: target.value })}
              />
              <datalist id={zonesId}>
                {knownZones().map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      <Preview preview={preview} isAsked={expression.trim() !== ''} />
    </div>
  );
}

function usePreview({ cron_expression, timezone }: Times) {
  const expression = useSettled(cron_expression.trim(), 200);
  const zone = useSettled(timezone.trim(), 200);
  return useQuery({
    ...previewQuery(useGateway(), expression, zone === '' ? null : zone, 5),
    enabled: expression !== '',
    placeholderData: keepPreviousData,
  });
}

function Preview({
  preview,
  isAsked,
}: {
  preview: ReturnType<typeof usePreview>;
  isAsked: boolean;
}) {
  const { form } = useWords(cronWords);
  const { language } = useSettings();
  const format = useFormat();
  const now = useNow();
  const { data, error, isPlaceholderData } = preview;
  const isFault = error !== null && Object.keys(fieldErrors(error)).length > 0;
  const zone = data?.timezone;
  return (
    <section
      aria-label={form.preview}
      aria-live="polite"
      className="flex min-h-56 flex-col gap-3 rounded-lg bg-sunken px-4 py-3.5"
    >
      {error !== null && !isFault && (
        <ErrorNotice error={error} onRetry={() => void preview.refetch()} />
      )}
      {(!isAsked || isFault) && <p className="m-auto text-soft text-sm">{form.previewBegin}</p>}
      {isAsked && error === null && data !== undefined && (
        <div
          className={cx(
            'flex flex-col gap-3 transition-opacity',
            isPlaceholderData && 'opacity-50',
          )}
        >
          <p className="font-semibold leading-snug">{data.words[language]}</p>
          <h4 className="flex items-baseline justify-between gap-2 font-medium text-soft text-xs">
            {form.preview}
            <bdi>{zone}</bdi>
          </h4>
          {data.next.length === 0 && <p className="text-sm text-warn">{form.previewNone}</p>}
          <ol className="flex flex-col gap-1.5 text-sm tabular-nums">
            {data.next.map((iso) => {
              const at = Date.parse(iso);
              return (
                <li key={iso} className="flex items-baseline justify-between gap-3">
                  <time dateTime={iso}>{format.zoned(at, zone)}</time>
                  <span className="text-soft text-xs">{format.relative(at, now)}</span>
                </li>
              );
            })}
          </ol>
        </div>
      )}
    </section>
  );
}
