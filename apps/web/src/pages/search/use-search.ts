import { BotId, nextCursorHeader, operations, searchModeHeader } from '@mini-claude-bot/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useGateway } from '../../api/gateway.tsx';
import { findMemories } from './found-memories.ts';
import { type Filters, sinceOf } from './search-filters.tsx';

/**
 * Messages for these words, best first, page by page; with the first page, memories. Without words nothing is asked.
 * @param bots whose memories
 */
export function useSearch(words: string, filters: Filters, bots: readonly BotId[]) {
  const client = useGateway();
  return useInfiniteQuery({
    queryKey: ['search', words, filters, bots],
    queryFn: async ({ pageParam, signal }) => {
      const since = sinceOf(filters.period, Date.now());
      const messages = client.callWithHeaders(
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
      const isFirst = pageParam === undefined;
      const [{ body, headers }, memories] = await Promise.all([
        messages,
        isFirst ? findMemories(client, words, filters, bots, signal) : [],
      ]);
      return {
        hits: body,
        memories,
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
