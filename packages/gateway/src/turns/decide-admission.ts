import type { WarmEntry } from '@mini-claude-bot/claude';

/** What is known when a turn wants to run. Bytes and milliseconds. */
export interface AdmissionView {
  readonly free: number;
  readonly floor: number;
  /** Warm sessions that nobody uses, least recently used first. */
  readonly idle: readonly WarmEntry[];
  readonly waited: number;
  readonly maxWait: number;
}

export type AdmissionStep =
  | { readonly kind: 'run' }
  | { readonly kind: 'close'; readonly entry: WarmEntry }
  | { readonly kind: 'wait' }
  | { readonly kind: 'refuse' };

/**
 * What to do next for a turn that wants to run: with too little free memory, give up what is only kept
 * for speed; then wait for others to end; then say no.
 */
export function decideAdmission({
  free,
  floor,
  idle,
  waited,
  maxWait,
}: AdmissionView): AdmissionStep {
  if (free >= floor) return { kind: 'run' };
  const [entry] = idle;
  if (entry !== undefined) return { kind: 'close', entry };
  return waited < maxWait ? { kind: 'wait' } : { kind: 'refuse' };
}
