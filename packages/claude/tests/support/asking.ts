import type { ClaudeEvent, TurnOutcome } from '../../src/events.ts';
import type { LiveSession } from '../../src/live-session.ts';

/** A turn under way, as a test follows it. */
export interface Asked {
  readonly events: readonly ClaudeEvent[];
  readonly outcome: Promise<TurnOutcome>;
  /** Resolves with the first event that fits, be it past or to come; rejects when the turn ends without. */
  seen(fits: (event: ClaudeEvent) => boolean): Promise<ClaudeEvent>;
  abort(): void;
}

export function asking(session: LiveSession, prompt: string): Asked {
  const events: ClaudeEvent[] = [];
  const waiting = new Set<(event: ClaudeEvent) => void>();
  const controller = new AbortController();
  const onEvent = (event: ClaudeEvent): void => {
    events.push(event);
    for (const tell of waiting) tell(event);
  };
  const outcome = session.run({ prompt }, { onEvent }, controller.signal);
  return {
    events,
    outcome,
    seen: async (fits) => {
      const past = events.find(fits);
      if (past !== undefined) return past;
      const next = new Promise<ClaudeEvent>((resolve) => {
        waiting.add((event) => {
          if (fits(event)) resolve(event);
        });
      });
      const missed = outcome.then((end): never => {
        throw new Error(`the turn ended first: ${JSON.stringify(end)}`);
      });
      return Promise.race([next, missed]);
    },
    abort: () => controller.abort(),
  };
}

/** Ask, and wait for the outcome. */
export const ask = (session: LiveSession, prompt: string): Promise<TurnOutcome> =>
  asking(session, prompt).outcome;

export const isText = (event: ClaudeEvent): boolean => event.type === 'text';
export const isTool = (event: ClaudeEvent): boolean => event.type === 'tool';
