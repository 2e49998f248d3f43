import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { McpSessions } from './http-sessions.ts';
import { createMcpServer } from './server.ts';
import { fakeGateway, partsOf, scopeOf, TestTime } from './test-parts.ts';

const Address = z.object({ port: z.number() });

/** Sessions behind a server of the test's own; who calls is said by a header. */
async function serve({ most = 10 } = {}) {
  const time = new TestTime();
  let made = 0;
  /** Requests that are being answered, by method. */
  const open: string[] = [];
  const { client } = fakeGateway(() => ({ status: 'ok', uptime_seconds: 1, active_sessions: 0 }));
  const sessions = new McpSessions({
    createServer: () => createMcpServer(partsOf(scopeOf(client))),
    newId: () => {
      made += 1;
      return `session-${made}`;
    },
    now: time.now,
    after: time.after,
    most,
    idleMs: 30 * 60_000,
  });
  const server = createServer(async (request, response) => {
    const { method = '' } = request;
    open.push(method);
    response.once('close', () => open.splice(open.indexOf(method), 1));
    const body = await bodyOf(request);
    await sessions.handle({ name: String(request.headers.caller) }, request, response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await sessions.close();
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${Address.parse(server.address()).port}/mcp`);
  /** Wait until those requests, and no others, are being answered. */
  const answering = async (...methods: string[]): Promise<void> => {
    for (let tries = 0; open.join() !== methods.join(); tries += 1) {
      if (tries > 10_000) throw new Error(`being answered: ${open.join()}`);
      await new Promise(setImmediate);
    }
  };
  const connect = async (caller: string) => {
    const requestInit = { headers: { caller } };
    const transport = new StreamableHTTPClientTransport(url, { requestInit });
    const mcp = new Client({ name: 'test', version: '1' });
    await mcp.connect(transport as Transport);
    // It listens for what the server says unasked as long as it is there.
    await answering('GET');
    return { mcp, transport };
  };
  const ask = (caller: string, id: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        caller,
        'mcp-session-id': id,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'ping' }),
    });
  return { sessions, time, answering, connect, ask };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}

test('a session lasts as long as its client is there, and half an hour longer', async () => {
  const { sessions, time, answering, connect } = await serve();
  const { mcp } = await connect('hero');
  time.pass(60 * 60_000);
  expect(sessions.size).toBe(1);
  expect(await mcp.callTool({ name: 'health_check' })).not.toHaveProperty('isError', true);
  await mcp.close();
  await answering();
  time.pass(29 * 60_000);
  expect(sessions.size).toBe(1);
  time.pass(2 * 60_000);
  expect(sessions.size).toBe(0);
});

test('a client that says goodbye ends its session', async () => {
  const { sessions, connect } = await serve();
  const { mcp, transport } = await connect('hero');
  await transport.terminateSession();
  await mcp.close();
  expect(sessions.size).toBe(0);
});

test('a session is unknown to everybody but its caller', async () => {
  const { connect, ask } = await serve();
  const { transport } = await connect('hero');
  const id = transport.sessionId ?? '';
  expect((await ask('hero', id)).status).toBe(200);
  expect((await ask('villain', id)).status).toBe(404);
  expect((await ask('hero', 'session-99')).status).toBe(404);
});

test('when there are too many, the one idle longest ends', async () => {
  const { sessions, time, answering, connect, ask } = await serve({ most: 2 });
  for (const caller of ['a', 'b']) {
    const { mcp } = await connect(caller);
    await mcp.close();
    await answering();
    time.pass(1_000);
  }
  await (await ask('a', 'session-1')).text();
  await answering();
  await connect('c');
  expect(sessions.size).toBe(2);
  expect((await ask('b', 'session-2')).status).toBe(404);
  expect((await ask('a', 'session-1')).status).toBe(200);
});
