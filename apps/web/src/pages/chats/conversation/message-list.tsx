import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { chatWords } from '../../../i18n/chats.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { ScrollBox } from '../../../ui/scroll-box.tsx';
import type { ChatPlace } from '../chat-place.ts';
import { LiveAnswer } from '../turn/live-answer.tsx';
import { AnswerRow } from './answer-row.tsx';
import type { Row } from './conversation-rows.ts';
import type { MessageLog } from './message-log.ts';
import { SaidRow } from './said-row.tsx';

export interface MessageListProps {
  readonly place: ChatPlace;
  readonly rows: readonly Row[];
  readonly log: MessageLog;
  /** The message that was asked for. */
  readonly around: number | undefined;
  readonly onLoad: (which: 'older' | 'newer') => Promise<void>;
  /** Stands behind the last message. */
  readonly footer: ReactNode;
}

/** Rows from an edge at which more are loaded. */
const nearEdge = 12;

/**
 * A conversation of any length: what is not in sight is not there. It begins at its end, or at the message that was
 * asked for, and stays where it is read when older messages come in above or an answer grows below.
 */
export function MessageList({ place, rows, log, around, onLoad, footer }: MessageListProps) {
  const words = useWords(chatWords);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimate(rows[index]),
    overscan: 8,
    paddingStart: 64,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: 80,
  });
  const wanted = rows.findIndex(
    (row) => (row.kind === 'said' || row.kind === 'answer') && row.message.id === around,
  );
  const hasRows = rows.length > 0;
  const sent = useRef(false);
  useLayoutEffect(() => {
    if (sent.current || !hasRows) return;
    sent.current = true;
    if (wanted >= 0) virtual.scrollToIndex(wanted, { align: 'center' });
    else virtual.scrollToEnd();
  }, [hasRows, wanted, virtual]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const target = wanted >= 0 ? wanted : rows.length - 1;
  const arrived = first <= target && target <= last;
  const [placed, setPlaced] = useState(false);
  useEffect(() => {
    if (arrived) setPlaced(true);
  }, [arrived]);
  useEffect(() => {
    // On its way to where it begins it stands near an edge that nobody has scrolled to.
    if (!placed) return;
    if (log.hasOlder && first < nearEdge) void onLoad('older');
    if (log.hasNewer && last > rows.length - nearEdge) void onLoad('newer');
  }, [placed, first, last, log, rows.length, onLoad]);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <ScrollBox
        ref={scroller}
        role="log"
        aria-label={place.chatId ?? place.sessionId}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 [overflow-anchor:none] md:px-5"
      >
        <div
          className="relative mx-auto w-full max-w-[46rem]"
          style={{ height: virtual.getTotalSize() }}
        >
          <p className="absolute inset-x-0 top-0 py-5 text-center text-soft text-xs">
            {log.hasOlder ? words.older : words.begin}
          </p>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <div
                  key={key}
                  data-index={index}
                  ref={virtual.measureElement}
                  className={cx('absolute inset-x-0 top-0 py-2', index === wanted && 'asked-for')}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <RowView row={row} />
                </div>
              )
            );
          })}
        </div>
        <div className="mx-auto flex w-full max-w-[46rem] flex-col gap-3">{footer}</div>
      </ScrollBox>
      <ToEnd place={place} hasNewer={log.hasNewer} virtual={virtual} />
    </div>
  );
}

/** Close enough for scrolling to feel right before a row was ever measured. */
function estimate(row: Row | undefined): number {
  if (row === undefined || row.kind === 'day') return 44;
  if (row.kind === 'live') return 60;
  const { content } = row.message;
  const lines = Math.ceil(content.length / 85) + content.split('\n', 200).length;
  return Math.min(row.kind === 'said' ? 58 + lines * 18 : 52 + lines * 24, 4_000);
}

function RowView({ row }: { row: Row }) {
  switch (row.kind) {
    case 'day':
      return <Day at={row.at} />;
    case 'said':
      return <SaidRow message={row.message} position={row.position} />;
    case 'answer':
      return <AnswerRow message={row.message} />;
    case 'live':
      return <LiveAnswer turn={row.turn} />;
  }
}

function Day({ at }: { at: number }) {
  const format = useFormat();
  return (
    <p className="flex items-center gap-3 text-soft text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {format.day(at)}
    </p>
  );
}

interface ToEndProps {
  readonly place: ChatPlace;
  readonly hasNewer: boolean;
  readonly virtual: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;
}

const toEnd =
  'absolute right-4 bottom-3 inline-flex items-center gap-1.5 rounded-full border border-line bg-surface px-3 py-1.5 font-medium text-xs shadow-float animate-rise hover:bg-hover';

/** Back to the last message, where it is out of sight. */
function ToEnd({ place, hasNewer, virtual }: ToEndProps) {
  const words = useWords(chatWords);
  const label = (
    <>
      <ArrowDown className="size-3.5" aria-hidden />
      {words.latest}
    </>
  );
  if (hasNewer && place.chatId !== null) {
    const params = { bot: place.botId, chat: place.chatId };
    return (
      <Link to="/chats/$bot/$chat" params={params} search={{}} className={toEnd}>
        {label}
      </Link>
    );
  }
  const { scrollRect, scrollOffset } = virtual;
  const below = virtual.getTotalSize() - (scrollOffset ?? 0) - (scrollRect?.height ?? 0);
  if (scrollRect === null || below < 400) return null;
  return (
    <button type="button" className={toEnd} onClick={() => virtual.scrollToEnd()}>
      {label}
    </button>
  );
}
