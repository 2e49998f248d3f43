import { createContext, useContext } from 'react';
import type { SeenMessages } from './seen-messages.ts';
import type { TurnFeeds } from './turn/turn-feeds.ts';

/** What the parts of the page of chats share. */
export interface ChatsShared {
  readonly seen: SeenMessages;
  readonly feeds: TurnFeeds;
}

export const ChatsContext = createContext<ChatsShared | undefined>(undefined);

export function useChatsPage(): ChatsShared {
  const shared = useContext(ChatsContext);
  if (shared === undefined) throw new Error('this is not on the page of chats');
  return shared;
}
