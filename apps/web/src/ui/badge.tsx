import type { ReactNode } from 'react';
import { cx } from './cx.ts';

const tones = {
  plain: 'bg-sunken text-soft',
  accent: 'bg-accent-wash text-accent-strong',
  warn: 'bg-warn-wash text-warn',
  danger: 'bg-danger-wash text-danger',
} as const;

export type Tone = keyof typeof tones;

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-xs',
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}

/** How many, in a small round: for what was not read yet. */
export function Count({ children, label }: { children: ReactNode; label: string }) {
  return (
    <span className="inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 font-semibold text-on-accent text-xs tabular-nums">
      <span aria-hidden>{children}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}

const dots = {
  off: 'border border-edge',
  good: 'bg-good',
  busy: 'bg-accent animate-breathe',
  warn: 'bg-warn',
  danger: 'bg-danger',
} as const;

/** A state as a dot; the word for it stands beside it, or is for those who listen. */
export const Dot = ({ tone }: { tone: keyof typeof dots }) => (
  <span aria-hidden className={cx('inline-block size-2 shrink-0 rounded-full', dots[tone])} />
);
