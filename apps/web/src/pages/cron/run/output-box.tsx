import { useLayoutEffect, useRef } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { cx } from '../../../ui/cx.ts';
import { ScrollBox } from '../../../ui/scroll-box.tsx';

export interface OutputBoxProps {
  readonly title: string;
  readonly text: string;
  readonly tone?: 'plain' | 'danger';
  /** More comes: the end of it is kept in sight, unless the reader has scrolled away. */
  readonly isLive?: boolean;
}

/** So near to its end, in pixels, somebody wants to see what comes. */
const nearEnd = 40;

/** What a program wrote, as it wrote it. */
export function OutputBox({ title, text, tone = 'plain', isLive = false }: OutputBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it longer
  useLayoutEffect(() => {
    const element = box.current;
    if (isLive && follows.current && element !== null) element.scrollTop = element.scrollHeight;
  }, [text, isLive]);
  return (
    <div
      className={cx('relative rounded-md bg-sunken', tone === 'danger' && 'ring-1 ring-danger/30')}
    >
      <div className="flex h-8 items-center gap-2 pr-1 pl-3 font-medium text-soft text-xs">
        {isLive && <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-accent" />}
        <span className="flex-1">{title}</span>
        <CopyButton text={text} />
      </div>
      <ScrollBox
        ref={box}
        role="log"
        aria-label={title}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < nearEnd;
        }}
        className="max-h-72 overflow-auto whitespace-pre-wrap px-3 pb-3 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]"
      >
        {text}
      </ScrollBox>
    </div>
  );
}
