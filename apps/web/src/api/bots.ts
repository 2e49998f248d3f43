import { BotId, defaultBotId } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { chatsQuery } from '../pages/chats/chat-queries.ts';
import { useGateway } from './gateway.tsx';

/** The bots that there are, by name. @param also one that is asked for, whether it has anything or not */
export function useBots(also?: string): readonly BotId[] {
  const chats = useQuery(chatsQuery(useGateway()));
  return useMemo(() => {
    const names = [defaultBotId, also, ...(chats.data ?? []).map(({ bot_id }) => bot_id)];
    const ids = names.flatMap((name) => BotId.safeParse(name).data ?? []);
    return [...new Set(ids)].toSorted();
  }, [chats.data, also]);
}
