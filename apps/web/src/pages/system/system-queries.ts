import type { Client } from '@mini-claude-bot/client';
import { type AuditEntry, BotId, operations } from '@mini-claude-bot/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { about } from '../../live/about.ts';

/** They are read when the gateway starts, and stay as they are until it ends. */
export const settingsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['settings'],
    queryFn: ({ signal }) => client.call(operations.listSettings, {}, signal),
    meta: about('status'),
  });

export const searchStatusQuery = (client: Client) =>
  queryOptions({
    queryKey: ['search status'],
    queryFn: ({ signal }) => client.call(operations.searchStatus, {}, signal),
    meta: about('chats', 'memory', 'status'),
  });

/** Which entries of the audit are shown. */
export interface AuditFilter {
  readonly bot: string | undefined;
  readonly kind: AuditEntry['kind'] | undefined;
}

const auditPage = 50;

/** Entries, newest first, a page at a time. What is entered is nearly always followed by a change of these. */
export const auditPagesQuery = (client: Client, { bot, kind }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', bot, kind],
    queryFn: ({ pageParam: before, signal }) => {
      const bot_id = bot === undefined ? undefined : BotId.parse(bot);
      return client.call(operations.listAudit, { bot_id, kind, before, limit: auditPage }, signal);
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.length < auditPage ? undefined : last.at(-1)?.id),
    staleTime: 0,
    meta: about('status', 'turns', 'tasks', 'cron', 'memory', 'deliveries'),
  });

export const botsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['bots'],
    queryFn: ({ signal }) => client.call(operations.listBots, {}, signal),
    meta: about('chats', 'memory', 'cron'),
  });
