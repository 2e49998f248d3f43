import type { Memory } from '@mini-claude-bot/contract';
import { Link2, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { common } from '../../i18n/common.ts';
import { useFormat } from '../../i18n/format.ts';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { useToast } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { Category } from './categories.tsx';
import { EditMemory } from './edit-memory.tsx';
import { MarkedText } from './marked-text.tsx';
import { useDeleteMemory } from './use-delete-memory.ts';

export interface MemoryCardProps {
  readonly memory: Memory;
  /** The one that the address leads to. */
  readonly isAsked?: boolean;
  readonly categories: readonly Category[];
  /** What was searched for: it is marked. */
  readonly marked?: string;
  /** What else there is to say of it. */
  readonly children?: ReactNode;
}

/** One memory; it is edited where it stands. */
export function MemoryCard(props: MemoryCardProps) {
  const { memory, isAsked = false, categories, marked = '', children } = props;
  const words = useWords(memoryWords);
  const format = useFormat();
  const now = useNow(60_000);
  const remove = useDeleteMemory();
  const card = useRef<HTMLElement>(null);
  const edit = useRef<HTMLButtonElement>(null);
  const [isEdited, setIsEdited] = useState(false);
  useEffect(() => {
    if (isAsked) card.current?.scrollIntoView({ block: 'center' });
  }, [isAsked]);
  useEffect(() => {
    if (isEdited) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isEdited]);
  const { key, content, category } = memory;
  const at = Date.parse(memory.updated_at);
  const endEdit = (): void => {
    setIsEdited(false);
    // The button comes back with the next picture.
    requestAnimationFrame(() => edit.current?.focus());
  };
  return (
    <article
      ref={card}
      className={cx(
        'group/memory flex flex-col gap-2 rounded-lg border bg-surface px-4 py-3.5 shadow-lift',
        isAsked ? 'border-accent ring-3 ring-accent/15' : 'border-line',
      )}
    >
      <div className="flex min-h-7 items-start gap-2">
        <h2 className="min-w-0 flex-1 pt-0.5 font-semibold [overflow-wrap:anywhere]">
          <bdi>
            <MarkedText text={key} wanted={marked} />
          </bdi>
        </h2>
        {!isEdited && (
          <span className="-mr-1.5 flex opacity-0 transition-opacity focus-within:opacity-100 group-hover/memory:opacity-100 pointer-coarse:opacity-100">
            <CopyLink memory={memory} />
            <IconButton
              ref={edit}
              small
              icon={Pencil}
              label={words.editOf(key)}
              title={words.edit}
              onClick={() => setIsEdited(true)}
            />
            <IconButton
              small
              icon={Trash2}
              label={words.deleteOf(key)}
              title={words.delete}
              disabled={remove.isPending}
              onClick={() => remove.mutate(memory)}
            />
          </span>
        )}
      </div>
      {isEdited ? (
        <EditMemory memory={memory} categories={categories} onDone={endEdit} />
      ) : (
        <>
          <Content text={content} marked={marked} />
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft text-xs">
            <Badge>
              <bdi className="max-w-48 truncate">{category}</bdi>
            </Badge>
            <time dateTime={memory.updated_at} title={format.full(at)}>
              {words.changed(format.relative(Math.min(at, now), now))}
            </time>
          </div>
          {children}
        </>
      )}
    </article>
  );
}

function Content({ text, marked }: { text: string; marked: string }) {
  const words = useWords(memoryWords);
  const box = useRef<HTMLDivElement>(null);
  const [isWhole, setIsWhole] = useState(false);
  const [isCut, setIsCut] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it longer
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && !isWhole) setIsCut(element.scrollHeight > element.clientHeight + 1);
  }, [text, isWhole]);
  return (
    <>
      <div
        ref={box}
        dir="auto"
        className={cx(
          'whitespace-pre-wrap text-sm leading-relaxed [overflow-wrap:anywhere]',
          !isWhole && 'line-clamp-6',
        )}
      >
        {/* Nobody reads a megabyte in a card, and a browser takes long over it. */}
        <MarkedText text={isWhole ? text : text.slice(0, 3_000)} wanted={marked} />
      </div>
      {(isCut || isWhole) && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
          className="w-fit rounded-sm font-medium text-accent text-xs hover:underline"
        >
          {isWhole ? words.showLess : words.showAll}
        </button>
      )}
    </>
  );
}

function CopyLink({ memory: { id, key, bot_id } }: { memory: Memory }) {
  const words = useWords(memoryWords);
  const { copied } = useWords(common);
  const toast = useToast();
  const copy = async (): Promise<void> => {
    const bot = bot_id === 'default' ? '' : `bot=${encodeURIComponent(bot_id)}&`;
    if (await copyText(`${window.location.origin}/memory?${bot}m=${id}`)) toast({ text: copied });
  };
  return (
    <IconButton
      small
      icon={Link2}
      label={words.copyLinkOf(key)}
      title={words.copyLink}
      onClick={() => void copy()}
    />
  );
}
