import type { Client } from '@mini-claude-bot/client';
import { BotId, operations } from '@mini-claude-bot/contract';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import type { ChatPlace } from '../chat-place.ts';
import { logOf, type MessageLog, staleAfter, withNewer, withOlder } from './message-log.ts';

/** Messages that are read at once: more than a screen, and quickly there. */
const pageSize = 50;
/** Older ones come in larger pieces, so that scrolling meets no waits. */
const olderPageSize = 150;

/** A conversation, loaded around a message or at its end, and kept up to date there. */
export function useMessageLog(place: ChatPlace, around: number | undefined) {
  const client = useGateway();
  const queries = useQueryClient();
  const key = useMemo(
    () => ['conversation', place.botId, place.sessionId, around ?? 'end'] as const,
    [place, around],
  );
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => {
      const had = queries.getQueryData<MessageLog>(key);
      return had === undefined
        ? readFirst(client, place, around, signal)
        : readNews(client, place, had, { queries, key }, signal);
    },
    // It keeps by itself what has not changed; looking through thousands of messages for that would take a while.
    structuralSharing: false,
    meta: { topics: ['chats', 'turns'], chat: { bot_id: place.botId, chat_id: place.chatId } },
  });
  const busy = useRef(new Set<string>());
  const load = useCallback(
    async (which: 'older' | 'newer'): Promise<void> => {
      const log = queries.getQueryData<MessageLog>(key);
      if (log === undefined || busy.current.has(which)) return;
      busy.current.add(which);
      try {
        if (which === 'older') await readOlder(client, place, log, { queries, key });
        else await readOn(client, place, log, { queries, key });
      } catch {
        // It is tried again with the next scroll.
      } finally {
        busy.current.delete(which);
      }
    },
    [client, queries, place, key],
  );
  return { ...query, load };
}

interface Stored {
  readonly queries: QueryClient;
  readonly key: readonly unknown[];
}

const scopeOf = ({ sessionId, botId }: ChatPlace) => ({
  session_id: sessionId,
  bot_id: BotId.parse(botId),
});

async function readFirst(
  client: Client,
  place: ChatPlace,
  around: number | undefined,
  signal: AbortSignal,
): Promise<MessageLog> {
  const scope = { ...scopeOf(place), limit: pageSize };
  if (around === undefined) {
    return logOf(await client.call(operations.readConversation, scope, signal));
  }
  const [upTo, behind] = await Promise.all([
    client.call(operations.readConversation, { ...scope, before: around + 1 }, signal),
    client.call(operations.readConversation, { ...scope, after: around }, signal),
  ]);
  const log = withNewer(logOf(upTo), around, behind);
  return { ...log, hasOlder: upTo.more_before };
}

/** What has come since, where the log is at the end; elsewhere nothing changes any more. */
async function readNews(
  client: Client,
  place: ChatPlace,
  had: MessageLog,
  { queries, key }: Stored,
  signal: AbortSignal,
): Promise<MessageLog> {
  if (had.hasNewer) return had;
  const after = staleAfter(had);
  const scope = { ...scopeOf(place), limit: 200 };
  let page = await client.call(operations.readConversation, { ...scope, after }, signal);
  while (page.more_after) {
    const last = page.messages.at(-1)?.id ?? after;
    const next = await client.call(operations.readConversation, { ...scope, after: last }, signal);
    page = { ...next, messages: [...page.messages, ...next.messages] };
  }
  // Older messages may have been loaded meanwhile.
  return withNewer(queries.getQueryData<MessageLog>(key) ?? had, after, page);
}

async function readOlder(
  client: Client,
  place: ChatPlace,
  log: MessageLog,
  { queries, key }: Stored,
): Promise<void> {
  const before = log.messages[0]?.id;
  if (!log.hasOlder || before === undefined) return;
  const scope = { ...scopeOf(place), before, limit: olderPageSize };
  const page = await client.call(operations.readConversation, scope);
  queries.setQueryData<MessageLog>(key, (now) => (now === undefined ? now : withOlder(now, page)));
}

async function readOn(
  client: Client,
  place: ChatPlace,
  log: MessageLog,
  { queries, key }: Stored,
): Promise<void> {
  const after = log.messages.at(-1)?.id;
  if (!log.hasNewer || after === undefined) return;
  const scope = { ...scopeOf(place), after, limit: olderPageSize };
  const page = await client.call(operations.readConversation, scope);
  queries.setQueryData<MessageLog>(key, (now) =>
    now === undefined ? now : withNewer(now, after, page),
  );
}
