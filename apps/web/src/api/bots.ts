import type { Client } from '@mini-claude-bot/client';
import { BotId, defaultBotId, operations } from '@mini-claude-bot/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { about } from '../live/about.ts';
import { useGateway } from './gateway.tsx';

/** Whoever is bound to a bot may not ask for others. */
const botsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['bots'],
    queryFn: async ({ signal }) => {
      const { bot_id: bound } = await client.call(operations.whoAmI, {}, signal);
      if (bound !== null) return [bound];
      const bots = await client.call(operations.listBots, {}, signal);
      return [defaultBotId, ...bots.map(({ bot_id }) => bot_id)];
    },
    meta: about('chats', 'cron', 'memory'),
  });

/** @param also one that is asked for, whether it has anything or not @returns by name; none until they are known */
export function useBots(also?: string): readonly BotId[] {
  const { data, isError } = useQuery(botsQuery(useGateway()));
  return useMemo(() => {
    if (data === undefined && !isError) return [];
    const names = [...(data ?? [defaultBotId]), ...(also === undefined ? [] : [also])];
    const ids = names.flatMap((name) => BotId.safeParse(name).data ?? []);
    return [...new Set(ids)].toSorted();
  }, [data, isError, also]);
}

/** The bot that is shown where none was chosen. */
export const usualBot = (bots: readonly BotId[]): BotId =>
  bots.includes(defaultBotId) ? defaultBotId : (bots[0] ?? defaultBotId);
