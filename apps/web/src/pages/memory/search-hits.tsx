import type { BotId } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useGateway } from '../../api/gateway.tsx';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { cx } from '../../ui/cx.ts';
import { ErrorNotice, Skeleton } from '../../ui/states.tsx';
import type { Category } from './categories.tsx';
import { MemoryCard } from './memory-card.tsx';
import { memorySearch } from './memory-queries.ts';
import { WhyHit } from './why-hit.tsx';

export interface SearchHitsProps {
  readonly bot: BotId;
  readonly asked: string;
  readonly category: string | undefined;
  readonly categories: readonly Category[];
}

/** What was found, best first, each with its reasons. */
export function SearchHits({ bot, asked, category, categories }: SearchHitsProps) {
  const words = useWords(memoryWords);
  const search = useQuery(memorySearch(useGateway(), bot, asked));
  if (search.isError) {
    return <ErrorNotice error={search.error} onRetry={() => void search.refetch()} />;
  }
  if (search.data === undefined) return <Skeleton className="h-32 rounded-lg" />;
  const { mode } = search.data;
  const hits = search.data.hits.filter(
    (hit) => category === undefined || hit.category === category,
  );
  if (hits.length === 0) {
    return (
      <div role="status" className="py-10 text-center text-sm">
        <p className="font-medium [overflow-wrap:anywhere]">{words.nothing(asked)}</p>
        <p className="mt-1 text-soft">{words.nothingHint}</p>
      </div>
    );
  }
  return (
    <>
      <p role="status" className="text-soft text-xs">
        {words.found(hits.length)}, {mode === 'text' ? words.byWords : words.byMeaning}
      </p>
      <ol
        aria-label={words.list}
        className={cx(
          'flex flex-col gap-3 transition-opacity',
          search.isPlaceholderData && 'opacity-50',
        )}
      >
        {hits.map((hit) => (
          <li key={hit.id}>
            <MemoryCard memory={hit} categories={categories} marked={asked}>
              {hit.explain !== undefined && <WhyHit explain={hit.explain} />}
            </MemoryCard>
          </li>
        ))}
      </ol>
    </>
  );
}
