import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

const tones = {
  /** The one thing to do here. */
  solid: 'bg-accent text-on-accent hover:bg-accent-strong shadow-lift',
  plain: 'bg-surface text-ink border border-line hover:bg-hover shadow-lift',
  ghost: 'text-soft hover:text-ink hover:bg-hover',
  danger: 'bg-danger text-on-danger hover:brightness-95 shadow-lift',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: keyof typeof tones;
  readonly small?: boolean;
  readonly icon?: LucideIcon;
  /** Something is under way because of it: it can't be pressed again. */
  readonly pending?: boolean;
}

export function Button({
  tone = 'plain',
  small = false,
  icon: Icon,
  pending = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || pending}
      aria-busy={pending || undefined}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-100',
        'disabled:pointer-events-none disabled:opacity-55',
        small ? 'h-7 px-2.5 text-xs' : 'h-9 px-3.5 text-sm',
        tones[tone],
        className,
      )}
    >
      {Icon !== undefined && (
        <Icon
          className={cx(small ? 'size-3.5' : 'size-4', pending && 'animate-breathe')}
          aria-hidden
        />
      )}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** What it does, for those who hover and those who listen. */
  readonly label: string;
  readonly tone?: 'ghost' | 'solid' | 'danger';
  readonly small?: boolean;
}

export function IconButton({
  icon: Icon,
  label,
  tone = 'ghost',
  small = false,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-md transition-colors duration-100 disabled:pointer-events-none disabled:opacity-55',
        small ? 'size-7' : 'size-9',
        tones[tone],
        className,
      )}
    >
      <Icon className={small ? 'size-4' : 'size-[1.125rem]'} aria-hidden />
    </button>
  );
}
