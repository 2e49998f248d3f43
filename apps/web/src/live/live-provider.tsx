import { type LiveEvent, operations } from '@mini-claude-bot/contract';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { isRefusal } from '../access/is-refusal.ts';
import { useGateway } from '../api/gateway.tsx';
import { readAgain, readAllAgain } from './about.ts';
import { keepFollowing, type LiveState } from './follow-changes.ts';
import { waitForChance } from './wait-for-chance.ts';

const Context = createContext<LiveState>('connecting');

/** A page that nobody sees hangs up after this time: browsers allow few connections to one address. */
const hiddenMs = 60_000;

/** One connection for the whole page, over which the gateway says what has changed. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useGateway();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const watched = useWatched();
  useEffect(() => {
    if (!watched) return;
    const leave = new AbortController();
    const onEvent = (event: LiveEvent): void => {
      if (event.topic === 'ready') return;
      void (event.topic === 'reset' ? readAllAgain(queries) : readAgain(queries, event));
    };
    void keepFollowing(
      {
        open: (signal) => client.stream(operations.followChanges, {}, signal),
        onEvent,
        // Between what was read and this moment something may have changed, too.
        onOpen: () => void readAllAgain(queries),
        onState: setState,
        // Not signed in any more: what is shown finds that out too, and the page then asks for it.
        onFault: (error) => {
          if (isRefusal(error)) void readAllAgain(queries);
        },
        wait: waitForChance,
        random: Math.random,
      },
      leave.signal,
    );
    return () => leave.abort();
  }, [client, queries, watched]);
  return <Context value={state}>{children}</Context>;
}

export const useLiveState = (): LiveState => useContext(Context);

/** Whether somebody may be looking, or was a moment ago. */
function useWatched(): boolean {
  const [watched, setWatched] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setWatched(false), hiddenMs);
      else setWatched(true);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }, []);
  return watched;
}
