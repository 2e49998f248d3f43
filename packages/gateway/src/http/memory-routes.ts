import { operations, searchModeHeader } from '@mini-claude-bot/contract';
import type { MemoryService } from '../memory/memory-service.ts';
import type { SearchService } from '../search/search-service.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of memories call. */
export interface MemoryRouteParts {
  readonly memories: MemoryService;
  readonly search: SearchService;
}

export function bindMemoryRoutes(
  binder: OperationBinder,
  { memories, search }: MemoryRouteParts,
): void {
  binder.bind(operations.listMemories, ({ bot_id, category }) => memories.list(bot_id, category));

  binder.bind(operations.addMemory, ({ bot_id, key, content, category }) => ({
    id: memories.add({ botId: bot_id, key, content, category }),
  }));

  binder.bind(operations.updateMemory, ({ memory_id, content, category }, { caller }) =>
    memories.update(memory_id, caller.botId, {
      content: content ?? undefined,
      category: category ?? undefined,
    }),
  );

  binder.bind(operations.deleteMemory, ({ memory_id }, { caller }) => {
    memories.delete(memory_id, caller.botId);
    return { deleted: true as const };
  });

  binder.bind(operations.exportMemories, async ({ bot_id, format }) => ({
    format,
    ...(await memories.export(bot_id, format)),
  }));

  binder.bind(operations.importMemories, ({ bot_id, content, format, on_conflict, dry_run }) =>
    memories.import(bot_id, { content, format }, { onConflict: on_conflict, dryRun: dry_run }),
  );

  binder.bind(operations.searchMemories, async (input, { setHeader }) => {
    const { mode, hits } = await search.memories({
      botId: input.bot_id,
      query: input.q,
      limit: input.limit,
      mode: input.mode,
      explain: input.explain,
    });
    setHeader(searchModeHeader, mode);
    return [...hits];
  });
}
