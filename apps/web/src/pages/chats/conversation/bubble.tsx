import type { ReactNode } from 'react';
import { cx } from '../../../ui/cx.ts';

export interface BubbleProps {
  readonly text: string;
  /** It is not sure yet that it was said. */
  readonly faint?: boolean;
  /** What there is to say of it, below. */
  readonly children?: ReactNode;
}

/** What a person said, as it was written. */
export function Bubble({ text, faint = false, children }: BubbleProps) {
  return (
    <div className="flex flex-col items-end gap-1">
      <div
        dir="auto"
        className={cx(
          'max-w-[min(85%,36rem)] whitespace-pre-wrap rounded-xl rounded-br-sm bg-accent-wash px-3.5 py-2 [overflow-wrap:anywhere]',
          faint && 'opacity-60',
        )}
      >
        {text}
      </div>
      {children !== undefined && (
        <div className="flex flex-wrap items-center justify-end gap-x-2 gap-y-1 text-soft text-xs">
          {children}
        </div>
      )}
    </div>
  );
}
