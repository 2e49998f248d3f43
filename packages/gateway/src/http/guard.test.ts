import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AccessTokens } from '../access/access-tokens.ts';
import { Authenticator } from '../access/authenticator.ts';
import { CallerSockets } from '../access/caller-sockets.ts';
import { LocalKey } from '../access/local-access.ts';
import { RateLimit } from '../access/rate-limit.ts';
import { TokensRepo } from '../access/tokens-repo.ts';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { answerErrors } from './error-answers.ts';
import { callerOf, guard } from './guard.ts';

let app: FastifyInstance;
let database: Database;
beforeEach(() => {
  const clock = new TestClock();
  database = openDatabase(':memory:');
  app = Fastify({ forceCloseConnections: true });
  answerErrors(app, 10);
  guard(app, {
    authenticator: new Authenticator({
      mode: 'loopback',
      tokens: new AccessTokens(new TokensRepo(database), clock),
      localKey: new LocalKey(),
      failures: new RateLimit(10, clock),
    }),
    sockets: new CallerSockets(),
    browsers: { hosts: new Set(), origins: new Set() },
    maxUrlKb: 8,
    takeWithinMs: 300,
  });
});
afterEach(async () => {
  await app.close();
  database.close();
});

test('an answer that nobody fetches is let go, with its connection', async () => {
  let serving: (socket: Socket) => void = () => {};
  const server = new Promise<Socket>((resolve) => {
    serving = resolve;
  });
  app.get('/large', (incoming) => {
    serving(incoming.raw.socket);
    return 'x'.repeat(50 * 1024 * 1024);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const asked = request(`${url}/large`, { agent: false }).on('error', () => {});
  asked.end();
  await once(asked, 'response');
  const socket = await server;
  if (!socket.closed) await once(socket, 'close');
  asked.destroy();
});

test('nobody is taken for somebody where it was not asked who they are', async () => {
  const other = Fastify();
  let caught: unknown;
  other.get('/', (incoming) => {
    try {
      callerOf(incoming);
    } catch (error) {
      caught = error;
    }
    return 'done';
  });
  await other.inject('/');
  expect(caught).toBeInstanceOf(Error);
});
