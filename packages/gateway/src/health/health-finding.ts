import type { HealthFinding } from '@mini-claude-bot/contract';

/** Looks at one thing. @returns what is wrong with it; undefined: nothing */
export type Probe = () => HealthFinding | undefined | Promise<HealthFinding | undefined>;

/** A probe, and how often in a row it must find the same before it is told: some things pass by themselves. */
export interface WatchedProbe {
  readonly probe: Probe;
  readonly patience: number;
}
