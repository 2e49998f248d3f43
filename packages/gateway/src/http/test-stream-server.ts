import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import Fastify from 'fastify';
import { onTestFinished } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { type EventStream, sendEvents } from './sse.ts';

/** A server with one stream, and what a test may know of its inside. */
export interface StreamServer {
  readonly clock: TestClock;
  /** How often it said that its reader was lost. */
  readonly lost: () => number;
  /** The response of the first request, from the server's side. */
  readonly response: Promise<ServerResponse>;
  /** What sending ended with, once it has ended. */
  readonly sent: Promise<unknown>;
  /** Ask for the stream. Nothing of it is read until somebody does. */
  readonly open: () => Promise<IncomingMessage>;
}

/** Serves one stream over a real connection, until the test has finished. */
export async function startStreamServer(events: EventStream['events']): Promise<StreamServer> {
  const clock = new TestClock();
  const app = Fastify({ forceCloseConnections: true });
  let lost = 0;
  let answering: (raw: ServerResponse) => void = () => {};
  const response = new Promise<ServerResponse>((resolve) => {
    answering = resolve;
  });
  const onLost = (): void => {
    lost += 1;
  };
  let ended: (outcome: unknown) => void = () => {};
  const sent = new Promise<unknown>((resolve) => {
    ended = resolve;
  });
  app.get('/stream', async (_request, reply) => {
    answering(reply.raw);
    await sendEvents(reply, { events, onLost }, clock).then(() => ended(undefined), ended);
    return reply;
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const open = async (): Promise<IncomingMessage> => {
    const request = get(`${url}/stream`, { agent: false });
    const incoming = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
    // A connection that breaks is something that tests do on purpose.
    request.on('error', () => {});
    return incoming;
  };
  return { clock, lost: () => lost, response, sent, open };
}

/** The whole of what is sent. */
export async function readAll(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(incoming, 'close');
  return text;
}
