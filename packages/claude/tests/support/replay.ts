import type { ClaudeEvent } from '../../src/events.ts';

/** What a reader has on the page after these events: a restart replaces all of it by what was kept. */
export const replay = (events: readonly ClaudeEvent[]): string =>
  events.reduce((page, event) => {
    if (event.type === 'restart') return event.kept;
    return event.type === 'text' ? page + event.text : page;
  }, '');

/** The events of one type. */
export const ofType = <Type extends ClaudeEvent['type']>(
  events: readonly ClaudeEvent[],
  type: Type,
): Extract<ClaudeEvent, { type: Type }>[] =>
  events.filter((event): event is Extract<ClaudeEvent, { type: Type }> => event.type === type);
