import { randomUUID } from 'node:crypto';
import type { HttpPeer, McpSessions, Offer } from '@mini-claude-bot/mcp';
import type { FastifyInstance } from 'fastify';
import type { StreamLimit } from '../access/stream-limit.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { version } from '../host/version.ts';
import type { OperationBinder } from './bind.ts';
import type { Caller } from './caller.ts';
import { callerOf } from './guard.ts';
import { createLocalClient } from './local-client.ts';

/** What MCP over HTTP is served with. */
export interface McpRouteParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly streams: StreamLimit;
}

interface Peer extends HttpPeer {
  readonly caller: Caller;
}

const mostSessions = 200;
const idleMs = 30 * 60_000;

const instructions =
  'Tools of a mini-claude-bot gateway: chats, each with a Claude of its own, their history, and what is delivered ' +
  'to them. A chat is named by `bot_id` and `chat_id`.';

const forOwners: Offer = { bound: [], offers: () => true };
const forBots: Offer = { bound: ['bot_id'], offers: ({ access }) => access !== 'owner' };

/** Serve the contract's tools at `/mcp`, under the same rules as everything else. */
export function serveMcp(
  app: FastifyInstance,
  binder: OperationBinder,
  parts: McpRouteParts,
): void {
  let sessions: Promise<McpSessions<Peer>> | undefined;
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { raw } = reply;
      const name = callerName(caller);
      // The stream of what the server says unasked stays open as long as the client is there.
      if (request.method === 'GET') raw.once('close', parts.streams.take(name));
      sessions ??= openSessions(binder, parts);
      const serving = await sessions;
      reply.hijack();
      for (const [header, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(header, value);
      await serving.handle({ name, caller }, request.raw, raw, request.body);
      return reply;
    },
  });
  app.addHook('preClose', async () => (await sessions)?.close());
}

const callerName = ({ name, tokenId }: Caller): string =>
  tokenId === undefined ? name : `token ${tokenId}`;

/** Loaded when somebody asks for it: most gateways are never asked. */
async function openSessions(
  binder: OperationBinder,
  { config, clock, logger }: McpRouteParts,
): Promise<McpSessions<Peer>> {
  const { contractTools, createMcpServer, McpSessions } = await import('@mini-claude-bot/mcp');
  const ofOwners = { offer: forOwners, tools: contractTools(forOwners) };
  const ofBots = { offer: forBots, tools: contractTools(forBots) };
  const createServer = ({ caller }: Peer) => {
    const { offer, tools } = caller.botId === undefined ? ofOwners : ofBots;
    return createMcpServer({
      version,
      instructions,
      tools,
      scope: {
        ...offer,
        speaker: () => ({
          client: createLocalClient(binder, caller),
          bound: caller.botId === undefined ? {} : { bot_id: caller.botId },
        }),
      },
      after: clock.after,
      callMs: config.MCB_MCP_TIMEOUT * 1000,
      claudeMs: config.MCB_GATEWAY_TIMEOUT * 1000,
      newKey: randomUUID,
      onFault: (error) => logger.error({ err: error }, 'a tool could not be called'),
    });
  };
  return new McpSessions<Peer>({
    createServer,
    newId: randomUUID,
    now: clock.now,
    after: clock.after,
    most: mostSessions,
    idleMs,
  });
}
