import { BotId, ChatId } from '@mini-claude-bot/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { ChatPlace } from './chat-place.ts';
import { useChatsPage } from './chats-context.ts';

/** A message that was written here and is not in the conversation yet. */
export interface Outgoing {
  /** Sent along: sent twice, it is still one message. */
  readonly key: string;
  readonly text: string;
  /** Set: it did not get there. */
  readonly error: unknown;
}

export interface OutgoingActions {
  readonly all: readonly Outgoing[];
  readonly send: (text: string) => void;
  readonly sendAgain: (outgoing: Outgoing) => void;
  readonly discard: (outgoing: Outgoing) => void;
}

export function useOutgoing(place: ChatPlace): OutgoingActions {
  const { feeds } = useChatsPage();
  const queries = useQueryClient();
  const [all, setAll] = useState<readonly Outgoing[]>([]);
  const deliver = useCallback(
    async ({ key, text }: Outgoing): Promise<void> => {
      const update = (error: unknown): void =>
        setAll((now) => now.map((one) => (one.key === key ? { ...one, error } : one)));
      update(undefined);
      try {
        await feeds.send({
          bot_id: BotId.parse(place.botId),
          chat_id: ChatId.parse(place.chatId),
          message: text,
          source: 'page',
          idempotency_key: key,
        });
      } catch (error) {
        return update(error);
      }
      await queries.invalidateQueries({ queryKey: ['conversation', place.botId, place.sessionId] });
      setAll((now) => now.filter((one) => one.key !== key));
    },
    [feeds, queries, place],
  );
  return useMemo(
    () => ({
      all,
      send: (text) => {
        const outgoing = { key: newKey(), text, error: undefined };
        setAll((now) => [...now, outgoing]);
        void deliver(outgoing);
      },
      sendAgain: (outgoing) => void deliver(outgoing),
      discard: ({ key }) => setAll((now) => now.filter((one) => one.key !== key)),
    }),
    [all, deliver],
  );
}

/** Where the page is not on this machine and comes over plain HTTP, browsers have no `randomUUID`. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
