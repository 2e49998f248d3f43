import type { Chat, ChatHit, MemoryHit } from '@mini-claude-bot/contract';

/** What a search can find, and where it leads. */
export type SearchResult =
  | { readonly kind: 'chat'; readonly key: string; readonly chat: Chat }
  | { readonly kind: 'memory'; readonly key: string; readonly memory: MemoryHit }
  | { readonly kind: 'message'; readonly key: string; readonly hit: ChatHit };

/** Few chats and memories, then messages without an end. */
export const resultsOf = (
  chats: readonly Chat[],
  memories: readonly MemoryHit[],
  hits: readonly ChatHit[],
): SearchResult[] => [
  ...chats.map((chat) => ({
    kind: 'chat' as const,
    key: `chat ${chat.bot_id} ${chat.session_id}`,
    chat,
  })),
  ...memories.map((memory) => ({
    kind: 'memory' as const,
    key: `memory ${memory.id}`,
    memory,
  })),
  ...hits.map((hit) => ({ kind: 'message' as const, key: `message ${hit.id}`, hit })),
];

/** The gateway chat of a conversation; undefined: it is none. */
export function chatIdOf(sessionId: string, botId: string): string | undefined {
  const start = `gw-${botId}-`;
  return sessionId.startsWith(start) && sessionId.length > start.length
    ? sessionId.slice(start.length)
    : undefined;
}
