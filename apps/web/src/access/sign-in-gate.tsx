import { GatewayError, operations } from '@mini-claude-bot/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useGateway } from '../api/gateway.tsx';
import { SignInPage } from './sign-in-page.tsx';

const isRefusal = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'unauthorized';

/**
 * Shows the page, or where the gateway asks for a token, what lets one in. Who is let in is found out while the page is
 * being shown: most readers are, and need not wait for it.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const client = useGateway();
  const queries = useQueryClient();
  const who = useQuery({
    queryKey: ['who'],
    queryFn: ({ signal }) => client.call(operations.whoAmI, {}, signal),
  });
  const isRefused = isRefusal(who.error);
  useEffect(
    () =>
      // A sign-in may end while the page is open.
      queries.getQueryCache().subscribe(({ query, type }) => {
        if (type !== 'updated' || query.queryKey[0] === 'who') return;
        if (query.state.status === 'error' && isRefusal(query.state.error)) {
          void queries.invalidateQueries({ queryKey: ['who'] });
        }
      }),
    [queries],
  );
  if (!isRefused) return children;
  return <SignInPage onSignedIn={() => queries.resetQueries()} />;
}
