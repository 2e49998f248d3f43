import { BotId, nextCursorHeader, operations, searchModeHeader } from '@mini-claude-bot/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useGateway } from '../../api/gateway.tsx';
import { type Filters, sinceOf } from './search-filters.tsx';

/** Messages for these words, best first, page by page. Without words nothing is asked. */
export function useSearch(words: string, filters: Filters) {
  const client = useGateway();
  return useInfiniteQuery({
    queryKey: ['search', words, filters],
    queryFn: async ({ pageParam, signal }) => {
      const since = sinceOf(filters.period, Date.now());
      const { body, headers } = await client.callWithHeaders(
        operations.searchChat,
        {
          q: words,
          limit: 20,
          ...(filters.bot === '' ? {} : { bot_id: BotId.parse(filters.bot) }),
          ...(filters.role === 'any' ? {} : { role: filters.role }),
          ...(since === undefined ? {} : { since }),
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
        signal,
      );
      return {
        hits: body,
        mode: headers.get(searchModeHeader),
        next: headers.get(nextCursorHeader) ?? undefined,
      };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled: words !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
