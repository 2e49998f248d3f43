import type { Client } from '@mini-claude-bot/client';
import { type BotId, operations, searchModeHeader } from '@mini-claude-bot/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { about } from '../../live/about.ts';

/** All that a bot remembers, what changed last first. */
export const memoriesQuery = (client: Client, bot_id: BotId) =>
  queryOptions({
    queryKey: ['memory', 'all', bot_id],
    queryFn: ({ signal }) => client.call(operations.listMemories, { bot_id }, signal),
    meta: about('memory'),
  });

/** Memories for these words, best first, with the reasons. Without words nothing is asked. */
export const memorySearch = (client: Client, bot_id: BotId, words: string) =>
  queryOptions({
    queryKey: ['memory', 'search', bot_id, words],
    queryFn: async ({ signal }) => {
      const input = { bot_id, q: words, limit: 50, explain: true };
      const { body, headers } = await client.callWithHeaders(
        operations.searchMemories,
        input,
        signal,
      );
      return { hits: body, mode: headers.get(searchModeHeader) };
    },
    enabled: words !== '',
    placeholderData: keepPreviousData,
    meta: about('memory'),
  });
