import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** What a request was, as the server saw it. */
export interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server of one test's own, on loopback. */
export interface TestServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The first request has come. */
  readonly asked: Promise<void>;
  /** The connection of the first request is closed, by whichever side. */
  readonly closed: Promise<void>;
}

const Address = z.object({ port: z.number() });

/** Answers every request in one way, until the test has finished. */
export async function startTestServer(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<TestServer> {
  const seen: Seen[] = [];
  const moments = new EventEmitter();
  const asked = once(moments, 'asked').then(() => {});
  const closed = once(moments, 'closed').then(() => {});
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method, url, headers } = request;
    const { authorization, 'content-type': contentType } = headers;
    seen.push({ method, url, contentType, authorization, body });
    response.once('close', () => moments.emit('closed'));
    answer(response, request);
    moments.emit('asked');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${Address.parse(server.address()).port}`;
  return { url, seen, asked, closed };
}
