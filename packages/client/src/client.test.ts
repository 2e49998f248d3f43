import type { ServerResponse } from 'node:http';
import { GatewayError, operations, type TurnEvent } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConnectionLostError, createClient, UnreachableError } from './client.ts';
import { startTestServer } from './test-server.ts';

const message = { chat_id: '1', message: 'hi' };

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));

const eventStream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error,
  );
}

async function gatewayErrorOf(call: Promise<unknown>): Promise<GatewayError> {
  const error = await failureOf(call);
  if (error instanceof GatewayError) return error;
  throw error;
}

const streamOf = (pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

async function collect(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('call', () => {
  test('sends what the operation says, and gives its answer', async () => {
    const server = await startTestServer(json(200, { response: 'hello', session_key: '1' }));
    const answer = await createClient({ baseUrl: server.url }).call(
      operations.sendMessage,
      message,
    );
    expect(answer).toEqual({ response: 'hello', session_key: '1' });
    expect(server.seen).toEqual([
      {
        method: 'POST',
        url: '/api/gateway/send',
        contentType: 'application/json',
        authorization: undefined,
        body: JSON.stringify(message),
      },
    ]);
  });

  test('gives the headers of the answer to who asks for them', async () => {
    const server = await startTestServer((response) =>
      json(200, [])(response.setHeader('x-next-cursor', 'abc')),
    );
    const client = createClient({ baseUrl: server.url });
    const { body, headers } = await client.callWithHeaders(operations.searchChat, { q: 'x' });
    expect(body).toEqual([]);
    expect(headers.get('x-next-cursor')).toBe('abc');
  });

  test('sends its token with each call, from the options or from the address', async () => {
    const server = await startTestServer(json(200, { status: 'ok' }));
    const withToken = server.url.replace('//', '//hero:in%20address@');
    await createClient({ baseUrl: server.url, token: 'given' }).call(operations.ping, {});
    await createClient({ baseUrl: withToken }).call(operations.ping, {});
    await createClient({ baseUrl: withToken, token: 'given' }).call(operations.ping, {});
    const sent = server.seen.map(({ authorization }) => authorization);
    expect(sent).toEqual(['Bearer given', 'Bearer in address', 'Bearer given']);
  });

  test('sends neither a body nor its type where there is none', async () => {
    const server = await startTestServer(json(200, { reaped: [], count: 0 }));
    const client = createClient({ baseUrl: server.url });
    await client.call(operations.reapSessions, {});
    expect(server.seen).toMatchObject([{ method: 'POST', contentType: undefined, body: '' }]);
  });

  test('an address may end in slashes', async () => {
    const server = await startTestServer(json(200, { status: 'ok' }));
    await createClient({ baseUrl: `${server.url}//` }).call(operations.ping, {});
    expect(server.seen).toMatchObject([{ url: '/api/health' }]);
  });

  test('fields that a newer gateway adds do no harm', async () => {
    const server = await startTestServer(json(200, { status: 'ok', mood: 'good' }));
    const client = createClient({ baseUrl: server.url });
    expect(await client.call(operations.ping, {})).toEqual({ status: 'ok' });
  });

  test('an answer of another form is refused', async () => {
    const server = await startTestServer(json(200, { status: 'fine' }));
    const client = createClient({ baseUrl: server.url });
    await expect(client.call(operations.ping, {})).rejects.toThrow();
  });

  test.each([404, 413, 415, 422, 429, 500, 503])(
    'status %i becomes a GatewayError of that status, in the words of the gateway',
    async (status) => {
      const server = await startTestServer(json(status, { detail: 'because of this' }));
      const client = createClient({ baseUrl: server.url });
      const error = await gatewayErrorOf(client.call(operations.ping, {}));
      expect(error).toMatchObject({ status, message: 'because of this', issues: [] });
    },
  );

  test('a failed validation keeps its issues, and says them in one line', async () => {
    const detail = [
      { loc: ['body', 'chat_id'], msg: 'Field required', type: 'missing' },
      { loc: ['body', 'list', 3], msg: 'too long', type: 'too_big' },
    ];
    const server = await startTestServer(json(422, { detail }));
    const client = createClient({ baseUrl: server.url });
    const error = await gatewayErrorOf(client.call(operations.sendMessage, message));
    expect(error).toMatchObject({ code: 'invalid_input', issues: detail });
    expect(error.message).toBe('body.chat_id: Field required; body.list.3: too long');
  });

  test('an error has the code that the gateway states', async () => {
    const server = await startTestServer((response) =>
      response
        .writeHead(503, { 'content-type': 'application/json', 'x-error-code': 'memory_low' })
        .end(JSON.stringify({ detail: 'too little' })),
    );
    const client = createClient({ baseUrl: server.url });
    const error = await gatewayErrorOf(client.call(operations.ping, {}));
    expect(error).toMatchObject({ code: 'memory_low', status: 503, message: 'too little' });
  });

  test.each([
    ['a page of a proxy', '<html>Bad gateway</html>'],
    ['nothing', ''],
    ['another form', { error: 'x' }],
  ])('an error that answers %s is told by its status', async (_what, body) => {
    const server = await startTestServer(json(502, body));
    const client = createClient({ baseUrl: server.url });
    const error = await gatewayErrorOf(client.call(operations.ping, {}));
    expect(error.message).toBe('the gateway answered with status 502');
  });

  test('nobody at the address is an UnreachableError that names it', async () => {
    const unused = await startTestServer((response) => response.destroy());
    const client = createClient({ baseUrl: unused.url });
    const error = await failureOf(client.call(operations.ping, {}));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ message: `no gateway answers at ${unused.url}` });
    expect(error).toHaveProperty('cause');
  });

  test('an aborted call ends with the reason of its signal', async () => {
    const server = await startTestServer(() => {});
    const controller = new AbortController();
    const client = createClient({ baseUrl: server.url });
    const call = failureOf(client.call(operations.ping, {}, controller.signal));
    await server.asked;
    const reason = new Error('no longer wanted');
    controller.abort(reason);
    expect(await call).toBe(reason);
  });
});

describe('stream', () => {
  const events: TurnEvent[] = [
    { type: 'turn', content: 'id' },
    { type: 'thinking', content: 'hm 🤔' },
    { type: 'text', content: 'one\ntwo\r\nthree' },
    { type: 'text', content: '界\u2028é' },
    { type: 'done', content: 'one\ntwo\r\nthree界\u2028é' },
  ];
  const line = (event: object): string => `data: ${JSON.stringify(event)}`;

  /** A client whose gateway answers with these pieces of a stream. */
  const clientOf = (pieces: Uint8Array[]) =>
    createClient({
      baseUrl: 'http://gateway',
      fetch: async () => new Response(streamOf(pieces)),
    });

  test('yields the events in order, over a real connection', async () => {
    const server = await startTestServer((response) => {
      eventStream(response);
      for (const event of events) response.write(`${line(event)}\n\n`);
      response.end();
    });
    const client = createClient({ baseUrl: server.url });
    expect(await collect(client.stream(operations.streamMessage, message))).toEqual(events);
    expect(server.seen).toMatchObject([{ url: '/api/gateway/send-stream', method: 'POST' }]);
  });

  test('each event is there before the next was sent', async () => {
    let answering: ServerResponse | undefined;
    const server = await startTestServer((response) => {
      answering = eventStream(response);
      response.write(`${line({ type: 'text', content: '0' })}\n\n`);
    });
    const client = createClient({ baseUrl: server.url });
    const read: string[] = [];
    for await (const { content } of client.stream(operations.streamMessage, message)) {
      read.push(content);
      if (read.length === 3) answering?.end();
      else answering?.write(`${line({ type: 'text', content: String(read.length) })}\n\n`);
    }
    expect(read).toEqual(['0', '1', '2']);
  });

  test('however the bytes are cut, and whichever line ends are used', async () => {
    const noise = fc.constantFrom('', ': keep-alive', 'retry: 100', 'id: 7');
    const lineEnd = fc.constantFrom('\n', '\r\n');
    const cuts = fc.array(fc.nat(400), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(lineEnd, noise, cuts, async (end, extra, at) => {
        const blocks = events.map((event) => `${extra}${end}${line(event)}${end}${end}`);
        const bytes = Buffer.from(blocks.join(''), 'utf8');
        const edges = [
          0,
          ...at.filter((n) => n < bytes.length).sort((a, b) => a - b),
          bytes.length,
        ];
        const pieces = edges.slice(1).map((to, n) => bytes.subarray(edges[n], to));
        const stream = clientOf(pieces.filter(({ length }) => length > 0));
        const read = await collect(stream.stream(operations.streamMessage, message));
        expect(read).toEqual(events);
      }),
      { numRuns: 100 },
    );
  });

  test('skips kinds of events that it does not know, and fields too', async () => {
    const blocks = [
      { type: 'weather', content: 'rain' },
      { type: 'text', content: 'a', weight: 3 },
      { content: 'no type' },
      { type: 'done', content: 'a' },
    ].map((event) => `${line(event)}\n\n`);
    const client = clientOf([Buffer.from(blocks.join(''))]);
    expect(await collect(client.stream(operations.streamMessage, message))).toEqual([
      { type: 'text', content: 'a' },
      { type: 'done', content: 'a' },
    ]);
  });

  test('what is cut off in the middle of an event is not an event', async () => {
    const whole = line({ type: 'text', content: 'a' });
    const client = clientOf([Buffer.from(`${whole}\n\n${whole}`)]);
    expect(await collect(client.stream(operations.streamMessage, message))).toEqual([
      { type: 'text', content: 'a' },
    ]);
  });

  test('leaving the loop closes the connection', async () => {
    const server = await startTestServer((response) => {
      eventStream(response).write(`${line({ type: 'text', content: 'a' })}\n\n`);
    });
    const client = createClient({ baseUrl: server.url });
    for await (const event of client.stream(operations.streamMessage, message)) {
      expect(event).toEqual({ type: 'text', content: 'a' });
      break;
    }
    await server.closed;
  });

  test('aborting ends the stream, and closes the connection', async () => {
    const server = await startTestServer((response) => {
      eventStream(response).write(`${line({ type: 'text', content: 'a' })}\n\n`);
    });
    const controller = new AbortController();
    const client = createClient({ baseUrl: server.url });
    const stream = client.stream(operations.streamMessage, message, controller.signal);
    await stream.next();
    const reason = new Error('no longer wanted');
    controller.abort(reason);
    expect(await failureOf(stream.next())).toBe(reason);
    await server.closed;
  });

  test('a connection that breaks is an error, not an end', async () => {
    let answering: ServerResponse | undefined;
    const server = await startTestServer((response) => {
      answering = eventStream(response);
      response.write(`${line({ type: 'text', content: 'a' })}\n\n`);
    });
    const client = createClient({ baseUrl: server.url });
    const stream = client.stream(operations.streamMessage, message);
    await stream.next();
    answering?.destroy();
    const error = await failureOf(stream.next());
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ message: expect.stringContaining('broke off') });
  });

  test('a refusal throws as a call does', async () => {
    const server = await startTestServer(json(413, { detail: 'too long' }));
    const client = createClient({ baseUrl: server.url });
    const stream = client.stream(operations.streamMessage, message);
    expect(await gatewayErrorOf(stream.next())).toMatchObject({ status: 413, message: 'too long' });
  });
});
