import { markerVariable } from '../environment.ts';

/** A running process of this user. `marker` is set when it, or what it descends from, is Claude's. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Its session: the process that opened it, which may be gone. Not known everywhere. */
  readonly session?: number | undefined;
  readonly marker?: string | undefined;
}

/** The marker among assignments `NAME=value` of an environment. */
export const markerIn = (assignments: readonly string[]): string | undefined =>
  assignments
    .find((line) => line.startsWith(`${markerVariable}=`))
    ?.slice(markerVariable.length + 1);
