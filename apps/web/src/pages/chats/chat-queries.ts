import type { Client } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { queryOptions } from '@tanstack/react-query';
import { about } from '../../live/about.ts';

/** All chats, newest first. */
export const chatsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['chats'],
    queryFn: ({ signal }) => client.call(operations.listChats, {}, signal),
    meta: about('chats', 'tasks', 'status'),
  });
