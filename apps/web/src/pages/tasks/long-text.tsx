import { lazy, Suspense, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';

// It comes when there is something to be shown with it.
const Markdown = lazy(async () => ({
  default: (await import('../chats/markdown/markdown.tsx')).Markdown,
}));

/** Characters that are shown at first: more is asked for by few. */
const shownAtFirst = 20_000;

export interface LongTextProps {
  readonly text: string;
  /** Claude wrote it. Else it is shown as it was written. */
  readonly markdown?: boolean;
  readonly className?: string;
}

/** A text of whatever length, as text. */
export function LongText({ text, markdown = false, className }: LongTextProps) {
  const words = useWords(taskWords);
  const format = useFormat();
  const [whole, setWhole] = useState(false);
  const isCut = !whole && text.length > shownAtFirst;
  const shown = isCut ? text.slice(0, shownAtFirst) : text;
  const plain = (
    <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {shown}
    </p>
  );
  return (
    <div className={cx('flex min-w-0 flex-col gap-2', className)}>
      <div className="group/text relative max-h-[70dvh] min-w-0 overflow-auto">
        {/* What is longer than this is no text that anybody formatted. */}
        {markdown && text.length <= shownAtFirst ? (
          <Suspense fallback={plain}>
            <Markdown text={text} />
          </Suspense>
        ) : (
          plain
        )}
      </div>
      {isCut && (
        <p className="flex flex-wrap items-center gap-2 font-normal text-soft text-xs">
          {words.cut(format.number(shownAtFirst), format.number(text.length))}
          <Button small onClick={() => setWhole(true)}>
            {words.showAll}
          </Button>
          <CopyButton text={text} />
        </p>
      )}
    </div>
  );
}
