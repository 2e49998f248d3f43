import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface FoldProps {
  readonly summary: ReactNode;
  readonly children: ReactNode;
  /** Within something that is folded already: no frame of its own. */
  readonly plain?: boolean;
  /** Something is still being added. */
  readonly isLive?: boolean;
  readonly onOpen?: () => void;
}

/** What most readers can do without, and may open. */
export function Fold({ summary, children, plain = false, isLive = false, onOpen }: FoldProps) {
  return (
    <details
      className={cx(
        'group min-w-0 max-w-full text-soft text-xs',
        !plain && 'w-fit rounded-md border border-line bg-surface open:w-full',
      )}
      onToggle={({ currentTarget }) => currentTarget.open && onOpen?.()}
    >
      <summary
        className={cx(
          'flex list-none items-center gap-1.5 [&::-webkit-details-marker]:hidden',
          plain ? 'rounded-sm' : 'px-2 py-1.5',
        )}
      >
        <ChevronRight
          className="size-3.5 shrink-0 transition-transform duration-100 [details[open]>summary>&]:rotate-90"
          aria-hidden
        />
        {isLive && (
          <span aria-hidden className="size-1.5 shrink-0 animate-breathe rounded-full bg-accent" />
        )}
        {summary}
      </summary>
      <div className={cx(plain ? 'pt-1.5 pl-5' : 'border-line border-t px-3 py-2.5')}>
        {children}
      </div>
    </details>
  );
}
