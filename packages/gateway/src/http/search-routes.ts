import { nextCursorHeader, operations, searchModeHeader } from '@mini-claude-bot/contract';
import type { SearchService } from '../search/search-service.ts';
import type { OperationBinder } from './bind.ts';

export function bindSearchRoutes(binder: OperationBinder, search: SearchService): void {
  binder.bind(operations.searchChat, async (input, { setHeader }) => {
    const { hits, mode, cursor } = await search.chat({
      query: input.q,
      limit: input.limit,
      mode: input.mode,
      explain: input.explain,
      cursor: input.cursor,
      scope: {
        botId: input.bot_id,
        sessionId: input.session_id,
        role: input.role,
        source: input.source,
        since: storedTime(input.since),
        until: storedTime(input.until),
      },
    });
    setHeader(searchModeHeader, mode);
    if (cursor !== undefined) setHeader(nextCursorHeader, cursor);
    return [...hits];
  });

  binder.bind(operations.searchStatus, ({ bot_id }) => search.status(bot_id));
}

/** As rows have it; a day is its beginning. */
const storedTime = (moment: string | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
