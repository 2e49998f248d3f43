import { BotId, defaultBotId, operations } from '@mini-claude-bot/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { about } from '../live/about.ts';
import { useGateway } from './gateway.tsx';

const botsQuery = (client: ReturnType<typeof useGateway>) =>
  queryOptions({
    queryKey: ['bots'],
    queryFn: ({ signal }) => client.call(operations.listBots, {}, signal),
    meta: about('chats', 'cron', 'memory'),
  });

/** The bots that there are, by name. @param also one that is asked for, whether it has anything or not */
export function useBots(also?: string): readonly BotId[] {
  const bots = useQuery(botsQuery(useGateway()));
  return useMemo(() => {
    const names = [defaultBotId, also, ...(bots.data ?? []).map(({ bot_id }) => bot_id)];
    const ids = names.flatMap((name) => BotId.safeParse(name).data ?? []);
    return [...new Set(ids)].toSorted();
  }, [bots.data, also]);
}
