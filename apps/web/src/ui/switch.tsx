import { cx } from './cx.ts';

export interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  /** The label is for those who listen only: what it switches stands beside it. */
  readonly bare?: boolean;
}

/** On or off, at once. */
export function Switch({ label, checked, onChange, disabled = false, bare = false }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      title={bare ? label : undefined}
      disabled={disabled}
      onClick={() => onChange(!checked)}
      className="group inline-flex h-9 shrink-0 items-center gap-2.5 rounded-md text-sm disabled:opacity-55"
    >
      <span
        aria-hidden
        className={cx(
          'relative inline-flex h-5 w-9 rounded-full border transition-colors duration-100',
          checked ? 'border-accent bg-accent' : 'border-edge bg-sunken group-hover:border-soft',
        )}
      >
        <span
          className={cx(
            'absolute top-0.5 size-3.5 rounded-full transition-transform duration-100',
            checked ? 'translate-x-[1.125rem] bg-on-accent' : 'translate-x-0.5 bg-soft',
          )}
        />
      </span>
      {!bare && <span>{label}</span>}
    </button>
  );
}
