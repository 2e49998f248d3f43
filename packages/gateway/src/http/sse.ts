import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Clock } from '../host/clock.ts';
import type { EventWithId } from '../turns/turn-cursor.ts';
import { eventLines, type StreamedEvent } from './event-lines.ts';

const keepAliveMs = 15_000;

/** Events for one reader. */
export interface EventStream {
  /** The events, until the signal is aborted: the reader has gone away. */
  readonly events: (gone: AbortSignal) => AsyncIterable<StreamedEvent | EventWithId>;
  /** The reader got the end. */
  readonly onTold?: () => void;
  /** The reader went away before the end. */
  readonly onLost: () => void;
}

/**
 * Send events as they come (server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Takes the next one only when the last has left: what a slow reader has not taken is not copied for it.
 */
export async function sendEvents(
  reply: FastifyReply,
  stream: EventStream,
  clock: Clock,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  if (raw.closed || raw.destroyed) return stream.onLost();
  const told = callUnlessTold(raw, stream);
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  const stopKeepAlive = keepAlive(raw, clock);
  try {
    for await (const item of stream.events(gone.signal)) {
      const event = 'event' in item ? item.event : item;
      const onSent = isLast(event) ? told : undefined;
      for (const text of textsOf(item)) await write(raw, text, gone.signal, onSent);
    }
    if (!gone.signal.aborted) raw.end();
  } finally {
    stopKeepAlive();
    if (!raw.writableEnded) raw.destroy();
  }
}

function textsOf(item: StreamedEvent | EventWithId): string[] {
  if (!('event' in item)) return eventLines(item);
  const { event, id, skip } = item;
  const texts = eventLines(event).map((text, n) =>
    id === undefined ? text : `id: ${id}.${n}\n${text}`,
  );
  return texts.slice(skip);
}

export const isLast = (event: StreamedEvent): boolean =>
  'type' in event && (event.type === 'done' || event.type === 'error');

/**
 * Call back when the reader was told the end, or goes away before: when the last event, or all of a
 * stream that has none, was handed to the system. Clients hang up as soon as they see that event.
 * @returns what to call when it was
 */
function callUnlessTold(raw: ServerResponse, { onTold, onLost }: EventStream): () => void {
  let told = false;
  const tell = (): void => {
    if (!told) onTold?.();
    told = true;
  };
  // Not `writableFinished`: without a socket that is true, whatever was sent.
  raw.once('finish', tell);
  raw.once('close', () => told || onLost());
  return tell;
}

async function write(
  raw: ServerResponse,
  text: string,
  gone: AbortSignal,
  onSent: (() => void) | undefined,
): Promise<void> {
  if (gone.aborted) return;
  const roomLeft = raw.write(text, (error) => error ?? onSent?.());
  // Rejects when the reader goes away, which the loop over the events notices by itself.
  if (!roomLeft) await once(raw, 'drain', { signal: gone }).catch(() => {});
}

function keepAlive(raw: ServerResponse, clock: Clock): () => void {
  let cancel = (): void => {};
  const next = (): void => {
    cancel = clock.after(keepAliveMs, () => {
      // A reader that does not take what it has needs no sign of life.
      if (!raw.writableNeedDrain && !raw.writableEnded) raw.write(': keep-alive\n\n');
      next();
    });
  };
  next();
  return () => cancel();
}
