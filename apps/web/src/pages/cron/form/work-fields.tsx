import { gatewayCommands } from '@mini-claude-bot/contract';
import { Cog, type LucideIcon, Sparkles, Terminal } from 'lucide-react';
import { useId } from 'react';
import { cronWords } from '../../../i18n/cron.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { Field, Select, Textarea } from '../../../ui/field.tsx';
import { whatGatewayDoes } from '../what-gateway-does.ts';
import type { FormPartProps } from './field-props.ts';

/** Who does it, and what. */
export function WorkFields({ draft, onChange, errors }: FormPartProps) {
  const { form } = useWords(cronWords);
  const { job_type: type, command } = draft;
  if (type === 'gateway') return <GatewayWork {...{ draft, onChange, errors }} />;
  const isClaude = type === 'claude';
  return (
    <>
      <TypeChoice type={type} onChoose={(job_type) => onChange({ job_type })} />
      <Field
        label={isClaude ? form.prompt : form.command}
        hint={isClaude ? form.promptHint : form.commandHint}
        error={errors.command}
      >
        {(ids) => (
          <Textarea
            {...ids}
            value={command}
            rows={isClaude ? 4 : 3}
            spellCheck={isClaude}
            placeholder={isClaude ? form.promptPlaceholder : form.commandPlaceholder}
            className={cx(!isClaude && 'font-mono !text-xs')}
            onChange={({ target }) => onChange({ command: target.value })}
          />
        )}
      </Field>
    </>
  );
}

function TypeChoice({
  type,
  onChoose,
}: {
  type: 'shell' | 'claude';
  onChoose: (type: 'shell' | 'claude') => void;
}) {
  const { form, types } = useWords(cronWords);
  const name = useId();
  const choices: readonly (readonly ['shell' | 'claude', LucideIcon, string])[] = [
    ['claude', Sparkles, form.claudeHint],
    ['shell', Terminal, form.shellHint],
  ];
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">{form.type}</legend>
      <div className="grid grid-cols-2 gap-2">
        {choices.map(([value, Icon, hint]) => (
          <label
            key={value}
            className={cx(
              'flex cursor-pointer items-start gap-2.5 rounded-lg border px-3 py-2.5 transition-colors',
              'has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2',
              value === type
                ? 'border-accent bg-accent-wash'
                : 'border-line bg-surface hover:border-edge',
            )}
          >
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === type}
              onChange={() => onChoose(value)}
              className="sr-only"
            />
            <Icon
              className={cx(
                'mt-0.5 size-4 shrink-0',
                value === type ? 'text-accent-strong' : 'text-soft',
              )}
              aria-hidden
            />
            <span className="flex min-w-0 flex-col">
              <span className="font-medium text-sm">{types[value]}</span>
              <span className="text-soft text-xs">{hint}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What the gateway does itself is one of a few things. */
function GatewayWork({ draft: { command }, onChange, errors }: FormPartProps) {
  const words = useWords(cronWords);
  const { form } = words;
  // One that needs a name is offered where it has one already.
  const whole = gatewayCommands.filter((each) => !each.includes('<'));
  const commands = [...new Set<string>([...whole, command])];
  return (
    <div className="flex items-start gap-3 rounded-lg border border-line bg-surface p-4">
      <Cog className="mt-0.5 size-4 shrink-0 text-soft" aria-hidden />
      <Field label={form.gatewayHint} error={errors.command} className="flex-1">
        {(ids) => (
          <Select
            {...ids}
            value={command}
            choices={commands.map((value) => ({ value, label: whatGatewayDoes(value, words) }))}
            onChoose={(chosen) => onChange({ command: chosen })}
          />
        )}
      </Field>
    </div>
  );
}
