import type { LiveChange, LiveTopic } from '@mini-claude-bot/contract';
import type { QueryClient } from '@tanstack/react-query';

/** What a query shows: it is read again when something of that is said to have changed. */
export interface About extends Record<string, unknown> {
  readonly topics: readonly LiveTopic[];
  /** Of this chat alone. */
  readonly chat?: { readonly bot_id: string; readonly chat_id: string | null };
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: About;
  }
}

/** `meta` of a query that shows these things, of all chats. */
export const about = (...topics: readonly LiveTopic[]): About => ({ topics });

/** Whether what a query shows may have changed. */
export function concerns(query: About | undefined, change: LiveChange): boolean {
  if (query?.topics.includes(change.topic) !== true) return false;
  const { chat } = query;
  if (chat === undefined) return true;
  if (change.bot_id !== undefined && change.bot_id !== chat.bot_id) return false;
  return change.chat_id === undefined || change.chat_id === chat.chat_id;
}

/** Read again what changed: at once where it is shown, otherwise when it is next. */
export const readAgain = (queries: QueryClient, change: LiveChange): Promise<void> =>
  queries.invalidateQueries({ predicate: ({ meta }) => concerns(meta, change) });

/** The same for all that changes live: nobody told what did. */
export const readAllAgain = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ predicate: ({ meta }) => meta !== undefined });
