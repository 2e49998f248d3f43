import { cx } from './cx.ts';
import type { Choice } from './field.tsx';

export interface ChoiceRowProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChoose: (value: T) => void;
}

/** One of a few, all of them seen. */
export function ChoiceRow<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: ChoiceRowProps<T>) {
  return (
    <fieldset className="flex max-w-full gap-0.5 overflow-x-auto rounded-md bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChoose(choice.value)}
          className={cx(
            'h-7 whitespace-nowrap rounded-sm px-2.5 font-medium text-xs transition-colors',
            choice.value === value ? 'bg-surface text-ink shadow-lift' : 'text-soft hover:text-ink',
          )}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
