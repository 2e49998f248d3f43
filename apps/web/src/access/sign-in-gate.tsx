import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { isRefusal } from './is-refusal.ts';
import { SignInPage } from './sign-in-page.tsx';

/**
 * Shows the page, or what lets one in as soon as the gateway refuses anything for want of a token: most readers are let
 * in anyway, and need not wait to find out. A sign-in may also end while the page is open.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [isRefused, setIsRefused] = useState(false);
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        if (isRefusal(query.state.error)) setIsRefused(true);
      }),
    [queries],
  );
  if (!isRefused) return children;
  const onSignedIn = (): void => {
    queries.clear();
    setIsRefused(false);
  };
  return <SignInPage onSignedIn={onSignedIn} />;
}
