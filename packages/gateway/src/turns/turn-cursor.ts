import type { TurnEvent } from '@mini-claude-bot/contract';

/**
 * Where in a turn's events a reader is. An id is `{run}-{event}.{line}`: the run of the gateway that gave
 * it, since numbers begin anew with each, the event's number, and which of its lines.
 */
export interface TurnCursor {
  readonly run: string;
  readonly event: number;
  readonly line: number;
}

/** The run of ids of a reply that was read from the database: it is the same in each run. */
export const storedRun = 'stored';

/** The cursor that an id stands for; undefined when it is none of ours. */
export function parseCursor(id: string): TurnCursor | undefined {
  const [, run, event, line] = /^([a-z0-9]+)-(\d{1,9})\.(\d{1,9})$/.exec(id) ?? [];
  if (run === undefined) return undefined;
  return { run, event: Number(event), line: Number(line) };
}

/** The id of an event, less the number of its line. */
export const eventId = (run: string, event: number): string => `${run}-${event}`;

/** An event by whose id a reader can come back. Each line that it takes has an id of its own. */
export interface EventWithId {
  readonly event: TurnEvent;
  /** Undefined: readers can't come back to here. */
  readonly id: string | undefined;
  /** How many of its lines the reader has already. */
  readonly skip: number;
}
