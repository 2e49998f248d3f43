import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { TurnEvent } from '@mini-claude-bot/contract';
import type { FastifyReply } from 'fastify';
import type { Clock } from '../host/clock.ts';
import { eventLines } from './event-lines.ts';

const keepAliveMs = 15_000;

/** Events for one reader. */
export interface EventStream {
  /** The events, until the signal is aborted: the reader has gone away. */
  readonly events: (gone: AbortSignal) => AsyncIterable<TurnEvent>;
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
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  const stopKeepAlive = keepAlive(raw, clock);
  try {
    for await (const event of stream.events(gone.signal)) {
      for (const text of eventLines(event)) await write(raw, text, gone.signal);
    }
    raw.end();
  } finally {
    stopKeepAlive();
    if (!raw.writableEnded) raw.destroy();
    watchEnd(raw, stream.onLost);
  }
}

/** Once everything was handed to the system the reader is taken to have it. */
function watchEnd(raw: ServerResponse, onLost: () => void): void {
  if (raw.writableFinished) return;
  if (raw.closed || raw.destroyed) onLost();
  else raw.once('close', () => raw.writableFinished || onLost());
}

async function write(raw: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  if (gone.aborted || raw.write(text)) return;
  // Rejects when the reader goes away, which the loop over the events notices by itself.
  await once(raw, 'drain', { signal: gone }).catch(() => {});
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
