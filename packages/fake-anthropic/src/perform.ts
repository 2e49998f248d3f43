import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { errorBody, usualError } from './api-error.ts';
import { type Clock, Timeline } from './clock.ts';
import type { IdSource } from './ids.ts';
import type { ErrorPlan, MessagePlan, ReplyPlan } from './plan.ts';
import type { MessagesRequest } from './request.ts';
import {
  blocksOf,
  type Delta,
  emptyMessage,
  partsOf,
  type StreamEvent,
  stopReasonOf,
} from './stream-events.ts';
import { countOutput, type Usage } from './usage.ts';

/** One request with everything needed to answer it. */
export type Exchange = {
  readonly request: MessagesRequest;
  readonly requestId: string;
  readonly response: ServerResponse;
  /** Aborts when the client leaves or the fake is closed. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Called right after a delta went to the socket. */
  onDelta(delta: Delta): void;
  /** Called when the reply has gone silent for good. */
  onHang(): void;
};

/**
 * Carry out a plan. Resolves with how it ended for the client.
 * @throws the abort error of the signal, if the client left or the fake was closed first
 */
export async function perform(plan: ReplyPlan, exchange: Exchange): Promise<'answered' | 'cut'> {
  switch (plan.kind) {
    case 'hang':
      return await silence(exchange);
    case 'cut':
      return cutOff(exchange);
    case 'error':
      return await sendError(plan, exchange);
    case 'message':
      if (plan.delayMs > 0) await exchange.clock.wait(plan.delayMs, exchange.signal);
      return exchange.request.stream
        ? await sendStream(plan, exchange)
        : await sendWhole(plan, exchange);
  }
}

async function silence(exchange: Exchange): Promise<never> {
  exchange.onHang();
  if (!exchange.signal.aborted) await once(exchange.signal, 'abort');
  throw exchange.signal.reason;
}

function cutOff({ response }: Exchange): 'cut' {
  // What was written before still reaches the client; destroy() could drop it.
  response.socket?.destroySoon();
  return 'cut';
}

/** The CLI throws away what it has not read when the connection breaks; then the cut is not mid-stream. */
const readingMs = 250;

async function sendError(plan: ErrorPlan, exchange: Exchange): Promise<'answered'> {
  if (plan.delayMs > 0) await exchange.clock.wait(plan.delayMs, exchange.signal);
  const body = errorBody(plan.status, exchange.requestId, plan);
  sendJson(exchange.response, plan.status, body, plan.headers);
  return 'answered';
}

/** Answer with a JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

async function sendWhole(plan: MessagePlan, exchange: Exchange): Promise<'answered' | 'cut'> {
  const { request, response, requestId } = exchange;
  const started = emptyMessage(request, exchange.ids);
  const message = {
    ...started,
    content: blocksOf(plan.content, exchange.ids),
    stop_reason: stopReasonOf(plan),
    usage: { ...started.usage, output_tokens: countOutput(plan.content) },
  };
  const { ending } = plan;
  switch (ending.kind) {
    case 'complete':
      sendJson(response, 200, message, plan.headers);
      return 'answered';
    case 'error_event':
      sendJson(response, statusOf(ending.errorType), errorBody(500, requestId, ending));
      return 'answered';
    case 'hang':
      writeHalf(message, plan, exchange);
      return await silence(exchange);
    case 'cut':
      writeHalf(message, plan, exchange);
      return cutOff(exchange);
    case 'malformed':
      writeHalf(message, plan, exchange);
      response.end(ending.how === 'garbage' ? garbage : '');
      return 'answered';
  }
}

function statusOf(errorType: string): number {
  return (
    [400, 401, 402, 403, 404, 413, 429, 504, 529].find((s) => usualError(s).type === errorType) ??
    500
  );
}

function writeHalf(message: unknown, plan: MessagePlan, { response }: Exchange): void {
  const text = JSON.stringify(message);
  response.writeHead(200, { 'content-type': 'application/json', ...plan.headers });
  response.write(text.slice(0, text.length / 2));
}

/** Not UTF-8, not an event, and without a line break that would make it one. */
const garbage = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x7b, 0x7b, 0x0d, 0x0a, 0x0a, 0x80]);

async function sendStream(plan: MessagePlan, exchange: Exchange): Promise<'answered' | 'cut'> {
  const { request, response, clock, signal, ids } = exchange;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...plan.headers,
  });
  const message = emptyMessage(request, ids);
  await send({ type: 'message_start', message }, exchange);
  const timeline = new Timeline(clock, plan.intervalMs);
  for (const part of partsOf(plan, ids)) {
    if (part.kind === 'pause') await timeline.pause(part.ms, signal);
    else if (part.event.type !== 'content_block_delta') await send(part.event, exchange);
    else {
      await timeline.next(signal);
      await send(part.event, exchange);
    }
  }
  return await end(plan, message.usage, exchange);
}

async function send(event: StreamEvent, exchange: Exchange): Promise<void> {
  exchange.signal.throwIfAborted();
  const flowing = exchange.response.write(encode(event));
  if (event.type === 'content_block_delta') exchange.onDelta(event.delta);
  if (!flowing) await once(exchange.response, 'drain', { signal: exchange.signal });
}

function encode(event: { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function end(
  plan: MessagePlan,
  started: Usage,
  exchange: Exchange,
): Promise<'answered' | 'cut'> {
  const { response, requestId } = exchange;
  const { ending } = plan;
  switch (ending.kind) {
    case 'complete': {
      const delta = { stop_reason: stopReasonOf(plan), stop_sequence: null };
      const usage = { ...started, output_tokens: countOutput(plan.content) };
      await send({ type: 'message_delta', delta, usage }, exchange);
      response.end(encode({ type: 'message_stop' }));
      return 'answered';
    }
    case 'hang':
      return await silence(exchange);
    case 'cut':
      await exchange.clock.wait(readingMs, exchange.signal);
      return cutOff(exchange);
    case 'malformed':
      response.end(ending.how === 'garbage' ? garbage : brokenEvent);
      return 'answered';
    case 'error_event':
      response.end(encode(errorBody(500, requestId, ending)));
      return 'answered';
  }
}

const brokenEvent =
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":\n\n';
