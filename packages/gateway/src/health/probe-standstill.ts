import type { Probe } from './health-finding.ts';

/** Something that looks for work again and again. */
export interface Looker {
  /** Names the finding: `{id}_stands_still`. */
  readonly id: string;
  /** Begins the sentence. */
  readonly what: string;
  /** How long nothing was done that should have been, in milliseconds; undefined: nothing has to be. */
  readonly idleMs: () => number | undefined;
  /** More than that is no longer chance. */
  readonly mostMs: number;
}

/** Whether something goes on with its work. */
export function probeStandstill({ id, what, idleMs, mostMs }: Looker): Probe {
  return () => {
    const idle = idleMs();
    if (idle === undefined || idle <= mostMs) return undefined;
    return {
      id: `${id}_stands_still`,
      found: `${what} for ${Math.round(idle / 1000)} s.`,
      fix: "Look into the gateway's log for the cause; starting it again goes on where it was.",
      restart_helps: true,
    };
  };
}
