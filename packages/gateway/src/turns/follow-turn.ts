import type { TurnEvent } from '@mini-claude-bot/contract';
import { neverRan, storedRefusal } from './reply.ts';
import { type EventWithId, eventId, storedRun, type TurnCursor } from './turn-cursor.ts';
import type { TurnFeed } from './turn-feed.ts';
import type { TurnRow } from './turns-repo.ts';

const anew: TurnEvent = {
  type: 'restart',
  content: 'What you have seen is from before; here is all of it.',
};

/**
 * A turn's events from where a reader left off.
 * @param run of this gateway
 */
export async function* followFeed(
  feed: TurnFeed,
  run: string,
  cursor: TurnCursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<EventWithId> {
  const known = cursor?.run === run ? cursor : undefined;
  if (cursor !== undefined && known === undefined) yield { event: anew, id: undefined, skip: 0 };
  for await (const { number, event } of feed.follow(known?.event ?? 0, signal)) {
    const skip = number !== undefined && number === known?.event ? known.line + 1 : 0;
    yield { event, id: number === undefined ? undefined : eventId(run, number), skip };
  }
}

/** The events of a turn whose stored answer is all that is left of it. */
export function* followStored(
  row: TurnRow,
  cursor: TurnCursor | undefined,
): Generator<EventWithId> {
  const known = cursor?.run === storedRun ? cursor : undefined;
  if (cursor !== undefined && known === undefined) yield { event: anew, id: undefined, skip: 0 };
  for (const [number, event] of storedEvents(row).entries()) {
    if (number < (known?.event ?? 0)) continue;
    const skip = number === known?.event ? known.line + 1 : 0;
    yield { event, id: eventId(storedRun, number), skip };
  }
}

function storedEvents({ id, state, error_code: code, answer }: TurnRow): TurnEvent[] {
  const content = answer ?? '';
  if (neverRan(state))
    return [{ type: 'turn', content: id }, storedRefusal(code ?? 'internal', content)];
  const said: TurnEvent[] = code === null ? [{ type: 'text', content }] : [];
  const last: TurnEvent = {
    type: 'done',
    content,
    ...(code === null ? {} : { error: code }),
    ...(state === 'stopped' ? { stopped: true as const } : {}),
  };
  return [{ type: 'turn', content: id }, ...said, last];
}
