import { cx } from './cx.ts';

const tones = {
  accent: 'bg-accent',
  strong: 'bg-accent-strong',
  good: 'bg-good',
  warn: 'bg-warn',
  danger: 'bg-danger',
  faint: 'bg-edge',
} as const;

export interface BarPart {
  readonly key: string;
  readonly value: number;
  readonly tone: keyof typeof tones;
}

export interface BarProps {
  /** What it says, in words. */
  readonly label: string;
  readonly parts: readonly BarPart[];
  /** What the whole of it stands for. */
  readonly total: number;
  readonly thin?: boolean;
}

/** How much of a whole there is, and of what. */
export function Bar({ label, parts, total, thin = false }: BarProps) {
  return (
    <div
      role="img"
      aria-label={label}
      className={cx('flex w-full overflow-hidden rounded-full bg-sunken', thin ? 'h-1.5' : 'h-2')}
    >
      {parts
        .filter(({ value }) => value > 0)
        .map(({ key, value, tone }) => (
          <span
            key={key}
            className={cx('h-full transition-[width] duration-300', tones[tone])}
            style={{ width: `${total <= 0 ? 0 : Math.min(100, (value / total) * 100)}%` }}
          />
        ))}
    </div>
  );
}
