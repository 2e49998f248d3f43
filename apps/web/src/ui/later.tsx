import { type ReactNode, useDeferredValue } from 'react';

/** False at first, and true as soon as the browser has a moment: for what nobody needs to see at once. */
export const useLater = (): boolean => useDeferredValue(true, false);

/**
 * What may wait until the browser has a moment: it is made in small steps then, while what stands beside it is painted
 * and answers already.
 */
export function Later({ instead, children }: { instead?: ReactNode; children: ReactNode }) {
  return useLater() ? children : instead;
}
