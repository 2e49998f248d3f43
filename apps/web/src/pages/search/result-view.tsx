import { BookMarked, MessageSquare, MessagesSquare } from 'lucide-react';
import { chatWords } from '../../i18n/chats.ts';
import { momentOf, useFormat } from '../../i18n/format.ts';
import { searchWords } from '../../i18n/search.ts';
import { useWords } from '../../settings/settings.tsx';
import { cx } from '../../ui/cx.ts';
import { chatName } from '../chats/chat-place.ts';
import { chatIdOf, type SearchResult } from './search-result.ts';
import { SnippetText } from './snippet-text.tsx';

/** More than two lines show. */
const longestExcerpt = 400;

export interface ResultViewProps {
  readonly id: string;
  readonly result: SearchResult;
  readonly isChosen: boolean;
  readonly onPoint: () => void;
  readonly onOpen: () => void;
}

const icons = { chat: MessagesSquare, memory: BookMarked, message: MessageSquare } as const;

/** One hit. The keyboard stays in the field above and says which is chosen. */
export function ResultView({ id, result, isChosen, onPoint, onOpen }: ResultViewProps) {
  const Icon = icons[result.kind];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field above opens what is chosen
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      onPointerMove={onPoint}
      onClick={onOpen}
      className={cx(
        'flex cursor-pointer gap-3 rounded-md px-3 py-2 text-sm',
        isChosen && 'bg-accent-wash',
      )}
    >
      <Icon className="mt-1 size-4 shrink-0 text-soft" aria-hidden />
      {result.kind === 'chat' && <ChatResult result={result} />}
      {result.kind === 'memory' && <MemoryResult result={result} />}
      {result.kind === 'message' && <MessageResult result={result} />}
    </div>
  );
}

function ChatResult({ result: { chat } }: { result: Extract<SearchResult, { kind: 'chat' }> }) {
  const words = useWords(searchWords);
  return (
    <span className="flex min-w-0 flex-1 items-baseline gap-2">
      <bdi className="truncate font-medium">{chatName(chat)}</bdi>
      <span className="truncate text-soft text-xs">
        {words.chats} · <bdi>{chat.bot_id}</bdi>
      </span>
    </span>
  );
}

function MemoryResult({
  result: { memory },
}: {
  result: Extract<SearchResult, { kind: 'memory' }>;
}) {
  const words = useWords(searchWords);
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-0.5">
      <span className="flex items-baseline gap-2 text-soft text-xs">
        <bdi className="truncate font-medium text-ink">{memory.key}</bdi>
        <span className="truncate">
          {words.memory} · <bdi>{memory.bot_id}</bdi>
        </span>
      </span>
      <span dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
        {memory.content.slice(0, longestExcerpt)}
      </span>
    </span>
  );
}

function MessageResult({
  result: { hit },
}: {
  result: Extract<SearchResult, { kind: 'message' }>;
}) {
  const words = useWords(chatWords);
  const format = useFormat();
  const at = momentOf(hit.created_at);
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-0.5">
      <span className="flex items-baseline gap-2 text-soft text-xs">
        <bdi className="truncate font-medium text-ink">
          {chatIdOf(hit.session_id, hit.bot_id) ?? hit.session_id}
        </bdi>
        <span className="truncate">{hit.role === 'user' ? words.person : words.assistant}</span>
        <time
          className="ml-auto shrink-0"
          dateTime={new Date(at).toISOString()}
          title={format.full(at)}
        >
          {format.moment(at)}
        </time>
      </span>
      <SnippetText snippet={hit.snippet} />
    </span>
  );
}
