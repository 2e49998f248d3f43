import { BotId } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { BookMarked, Plus } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useBots, usualBot } from '../../api/bots.ts';
import { useGateway } from '../../api/gateway.tsx';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { Categories, categoriesOf } from './categories.tsx';
import { MemoryBar } from './memory-bar.tsx';
import { MemoryList } from './memory-list.tsx';
import { memoriesQuery } from './memory-queries.ts';
import { NewMemory } from './new-memory.tsx';
import { SearchHits } from './search-hits.tsx';

/** What a bot remembers: by category, or by what it is searched for. */
export function MemoryPage() {
  const words = useWords(memoryWords);
  const place = useSearch({ from: '/memory' });
  const navigate = useNavigate({ from: '/memory' });
  const named = BotId.safeParse(place.bot).data;
  const bots = useBots(named);
  const bot = named ?? usualBot(bots);
  const isKnown = named !== undefined || bots.length > 0;
  const memories = useQuery({ ...memoriesQuery(useGateway(), bot), enabled: isKnown });
  const [isNew, setIsNew] = useState(false);
  const [text, setText] = useState(place.q ?? '');
  const asked = useSettled(text.trim(), 180);
  const written = useRef(place.q ?? '');
  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked;
    void navigate({
      search: (before) => ({ ...before, q: asked === '' ? undefined : asked }),
      replace: true,
    });
  }, [asked, navigate]);
  useEffect(() => {
    // The address was changed by something else: a link, or the way back.
    const given = place.q ?? '';
    if (given === written.current) return;
    written.current = given;
    setText(given);
  }, [place.q]);
  const all = memories.data ?? [];
  const categories = useMemo(() => categoriesOf(all), [all]);
  const category = place.in;
  const shown = category === undefined ? all : all.filter((one) => one.category === category);
  const begin = (): void => setIsNew(true);
  const choose = (wanted: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, in: wanted, m: undefined }) });
  const isEmpty = memories.data?.length === 0;
  return (
    <>
      <MemoryBar
        bot={bot}
        bots={bots}
        onBot={(wanted) =>
          void navigate({ search: wanted === usualBot(bots) ? {} : { bot: wanted } })
        }
        text={text}
        onText={setText}
        onNew={begin}
      />
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        {!isEmpty && (
          <Categories
            categories={categories}
            total={all.length}
            chosen={category}
            onChoose={choose}
            isPending={memories.isPending}
          />
        )}
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="mx-auto flex min-h-full max-w-3xl flex-col gap-3 px-4 py-4 md:px-8 md:py-6">
            {memories.isPending && <MemorySkeleton />}
            {memories.isError && memories.data === undefined && (
              <ErrorNotice error={memories.error} onRetry={() => void memories.refetch()} />
            )}
            {isEmpty && (
              <EmptyState
                icon={BookMarked}
                title={words.none.title}
                action={
                  <Button tone="solid" icon={Plus} onClick={begin}>
                    {words.newMemory}
                  </Button>
                }
              >
                {words.none.body}
              </EmptyState>
            )}
            {!isEmpty &&
              memories.data !== undefined &&
              (asked === '' ? (
                <MemoryList
                  key={category ?? ''}
                  memories={shown}
                  asked={place.m}
                  isKnown={all.some(({ id }) => id === place.m)}
                  categories={categories}
                />
              ) : (
                <SearchHits bot={bot} asked={asked} category={category} categories={categories} />
              ))}
          </div>
        </div>
      </div>
      <NewMemory
        open={isNew}
        onClose={() => setIsNew(false)}
        bot={bot}
        category={category}
        categories={categories}
      />
    </>
  );
}

function MemorySkeleton() {
  const words = useWords(memoryWords);
  return (
    <div role="status" aria-label={words.list} className="flex flex-col gap-3">
      {['a', 'b', 'c', 'd'].map((key) => (
        <div
          key={key}
          className="flex flex-col gap-2.5 rounded-lg border border-line bg-surface p-4"
        >
          <Skeleton className="h-4 w-1/4" />
          <Skeleton className="h-3.5 w-4/5" />
          <Skeleton className="h-3.5 w-2/3" />
        </div>
      ))}
    </div>
  );
}
