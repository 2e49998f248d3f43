import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

export const inputClass = cx(
  'w-full rounded-md border border-line bg-surface px-3 text-sm text-ink transition-colors',
  'hover:border-edge focus:border-accent focus:outline-none focus:ring-3 focus:ring-accent/20',
  'aria-invalid:border-danger aria-invalid:ring-danger/20',
);

/** What a field hands to the input in it. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with what was entered. */
  readonly error?: string | undefined;
  readonly className?: string;
  readonly children: (ids: FieldIds) => ReactNode;
}

/** A label, an input, and what there is to say of it. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const says = error ?? hint;
  const ids: FieldIds = {
    id,
    ...(says === undefined ? {} : { 'aria-describedby': `${id}-says` }),
    ...(error === undefined ? {} : { 'aria-invalid': true }),
  };
  return (
    <div className={cx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children(ids)}
      {says !== undefined && (
        <p
          id={`${id}-says`}
          role={error === undefined ? undefined : 'alert'}
          className={cx('text-xs', error === undefined ? 'text-soft' : 'text-danger')}
        >
          {says}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cx(inputClass, 'h-9', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea {...rest} className={cx(inputClass, 'min-h-20 py-2 leading-relaxed', className)} />
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface SelectProps<T extends string>
  extends Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'children'> {
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChoose: (value: T) => void;
}

/** The system's own list: it works with thumbs and keyboards alike. */
export function Select<T extends string>({
  value,
  choices,
  onChoose,
  className,
  ...rest
}: SelectProps<T>) {
  return (
    <select
      {...rest}
      value={value}
      onChange={({ target }) => {
        const chosen = choices.find((choice) => choice.value === target.value);
        if (chosen !== undefined) onChoose(chosen.value);
      }}
      className={cx(inputClass, 'h-9 pr-7', className)}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
