import { type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

export interface PanelProps {
  readonly title: string;
  /** Beside the title: a figure, a choice. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page that stands for itself, with its heading. */
export function Panel({ title, aside, className, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cx(
        'flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-lift',
        className,
      )}
    >
      <header className="flex flex-wrap items-center gap-2">
        <h2 id={id} className="min-w-0 flex-1 font-semibold text-sm">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
