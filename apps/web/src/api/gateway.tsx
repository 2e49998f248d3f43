import { type Client, createClient } from '@mini-claude-bot/client';
import { GatewayError } from '@mini-claude-bot/contract';
import { QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { takeEarlyAnswer } from './early-answers.ts';

/** The gateway that this page came from; the browser sends the cookie by itself. */
export const createPageClient = (): Client =>
  createClient({
    baseUrl: window.location.origin,
    fetch: async (address, call) =>
      (await takeEarlyAnswer(String(address), call?.method)) ?? fetch(address, call),
  });

/** A mistake of ours, or a refusal: the same again would fail the same. */
const isFinal = (error: unknown): boolean => error instanceof GatewayError && error.status < 500;

/**
 * What was read is kept and shown at once; what has changed is told by the live connection, and read again.
 * `always`: the gateway may be on this very machine, where no network is needed.
 */
export const createPageQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 10 * 60_000,
        networkMode: 'always',
        retry: (failures, error) => !isFinal(error) && failures < 2,
        retryDelay: (failures) => Math.min(4_000, 400 * 2 ** failures),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });

const Context = createContext<Client | undefined>(undefined);

export const GatewayProvider = ({ client, children }: { client: Client; children: ReactNode }) => (
  <Context value={client}>{children}</Context>
);

/** Calls the gateway's operations. */
export function useGateway(): Client {
  const client = useContext(Context);
  if (client === undefined) throw new Error('there is no GatewayProvider');
  return client;
}
