import type { Deed } from './audit.ts';

/** Somebody came with a token that is none: who they are is not known. */
export const wrongTokenFrom = (address: string | undefined): Deed => ({
  caller: 'unknown',
  address,
  operation: 'authenticate',
  kind: 'changes access',
});
