import type { Chat } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useBots } from '../../api/bots.ts';
import { useGateway } from '../../api/gateway.tsx';
import { searchWords } from '../../i18n/search.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { chatName } from '../chats/chat-place.ts';
import { chatsQuery } from '../chats/chat-queries.ts';
import { ResultView } from './result-view.tsx';
import { noFilters, SearchFilters } from './search-filters.tsx';
import { chatIdOf, resultsOf, type SearchResult } from './search-result.ts';
import { useSearch } from './use-search.ts';

const mostChats = 4;

/** Search over all that was ever said, and all that is remembered: type, choose with the arrows, open with Enter. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const words = useWords(searchWords);
  const client = useGateway();
  const open = useOpenResult(onClose);
  const listId = useId();
  const [text, setText] = useState('');
  const [filters, setFilters] = useState(noFilters);
  const [chosen, setChosen] = useState(0);
  const query = useSettled(text.trim(), 160);
  const chats = useQuery(chatsQuery(client));
  const bots = useBots();
  const search = useSearch(query, filters, bots);
  const results = useMemo(() => {
    if (query === '') return [];
    const pages = search.data?.pages ?? [];
    const memories = pages.flatMap((page) => page.memories);
    const hits = pages.flatMap((page) => page.hits);
    return resultsOf(named(chats.data ?? [], query, filters.bot), memories, hits);
  }, [query, search.data, chats.data, filters.bot]);
  const at = Math.min(chosen, Math.max(0, results.length - 1));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const result = results[at];
    if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, results.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && result !== undefined) open(result);
    else return;
    event.preventDefault();
  };
  const isNothing = query !== '' && search.isSuccess && !search.isFetching && results.length === 0;
  const mode = search.data?.pages[0]?.mode;
  return (
    <Dialog.Root open onOpenChange={(opened) => opened || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-black/35 backdrop-blur-[2px]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 top-0 z-50 flex h-dvh animate-rise flex-col overflow-hidden bg-surface shadow-float sm:inset-x-auto sm:top-[10vh] sm:left-1/2 sm:h-auto sm:max-h-[76vh] sm:w-[40rem] sm:-translate-x-1/2 sm:rounded-xl sm:border sm:border-line"
        >
          <Dialog.Title className="sr-only">{words.title}</Dialog.Title>
          <div className="flex items-center gap-2.5 border-line border-b px-4">
            <Search className="size-4 shrink-0 text-soft" aria-hidden />
            <input
              role="combobox"
              aria-expanded={results.length > 0}
              aria-controls={listId}
              aria-activedescendant={results.length > 0 ? `${listId}-${at}` : undefined}
              aria-label={words.title}
              autoComplete="off"
              spellCheck={false}
              placeholder={words.placeholder}
              value={text}
              onChange={({ target }) => {
                setText(target.value);
                setChosen(0);
              }}
              onKeyDown={onKeyDown}
              className="h-13 min-w-0 flex-1 bg-transparent text-lg outline-none"
            />
            <Dialog.Close className="rounded-sm border border-line px-1.5 py-0.5 text-soft text-xs">
              Esc
            </Dialog.Close>
          </div>
          <SearchFilters filters={filters} onChange={setFilters} bots={bots} />
          <div ref={list} className="min-h-24 flex-1 overflow-y-auto p-2">
            {query === '' && (
              <p className="px-3 py-8 text-center text-soft text-sm">{words.begin}</p>
            )}
            {search.isError && (
              <ErrorNotice error={search.error} onRetry={() => void search.refetch()} />
            )}
            {isNothing && (
              <div role="status" className="px-3 py-8 text-center text-sm">
                <p className="font-medium [overflow-wrap:anywhere]">{words.nothing(query)}</p>
                <p className="mt-1 text-soft">{words.nothingHint}</p>
              </div>
            )}
            <div id={listId} role="listbox" aria-label={words.title}>
              {results.map((result, index) => (
                <ResultView
                  key={result.key}
                  id={`${listId}-${index}`}
                  result={result}
                  isChosen={index === at}
                  onPoint={() => setChosen(index)}
                  onOpen={() => open(result)}
                />
              ))}
            </div>
            {search.hasNextPage && results.length > 0 && (
              <div className="flex justify-center py-2">
                <Button
                  small
                  pending={search.isFetchingNextPage}
                  onClick={() => void search.fetchNextPage()}
                >
                  {words.more}
                </Button>
              </div>
            )}
          </div>
          <footer className="flex justify-between gap-3 border-line border-t px-4 py-2 text-soft text-xs">
            <span className="max-sm:hidden">{words.keys}</span>
            <span>{mode != null && (mode === 'text' ? words.byWords : words.byMeaning)}</span>
          </footer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function named(chats: readonly Chat[], query: string, bot: string): Chat[] {
  const wanted = query.toLowerCase();
  return chats
    .filter((chat) => bot === '' || chat.bot_id === bot)
    .filter((chat) => chatName(chat).toLowerCase().includes(wanted))
    .slice(0, mostChats);
}

function useOpenResult(onClose: () => void): (result: SearchResult) => void {
  const navigate = useNavigate();
  return (result) => {
    onClose();
    if (result.kind === 'memory') {
      const { bot_id: bot, id: m } = result.memory;
      void navigate({ to: '/memory', search: { bot, m } });
      return;
    }
    const of = result.kind === 'chat' ? result.chat : result.hit;
    const { bot_id: bot, session_id: session } = of;
    const search = result.kind === 'chat' ? {} : { m: result.hit.id };
    const chat = chatIdOf(session, bot);
    void (chat === undefined
      ? navigate({ to: '/chats/$bot/history/$session', params: { bot, session }, search })
      : navigate({ to: '/chats/$bot/$chat', params: { bot, chat }, search }));
  };
}
