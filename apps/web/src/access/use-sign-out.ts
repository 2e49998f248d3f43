import { operations } from '@mini-claude-bot/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useGateway } from '../api/gateway.tsx';

/** Ends this browser's sign-in; undefined: it has none, as on the machine itself. */
export function useSignOut(): (() => Promise<void>) | undefined {
  const client = useGateway();
  const queries = useQueryClient();
  const who = useQuery({
    queryKey: ['who'],
    queryFn: ({ signal }) => client.call(operations.whoAmI, {}, signal),
  });
  if (who.data?.by !== 'cookie') return undefined;
  return async () => {
    await client.call(operations.signOut, {});
    await queries.invalidateQueries();
  };
}
