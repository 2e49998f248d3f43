import { randomUUID } from 'node:crypto';
import { markerVariable } from '@mini-claude-bot/claude';
import { createClient } from '@mini-claude-bot/client';
import { BotId } from '@mini-claude-bot/contract';
import { contractTools, createMcpServer, type Offer, serveStdio } from '@mini-claude-bot/mcp';
import { type Config, ConfigError, loadConfig } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { systemClock } from '../../host/clock.ts';
import { version } from '../../host/version.ts';
import { gatewayPlace } from '../gateway-address.ts';
import { UserFault } from '../user-fault.ts';

const instructions =
  'Tools of a mini-claude-bot gateway: chats, each with a Claude of its own, their history, and what is delivered ' +
  'to them. A chat is named by `bot_id` and `chat_id`.';

/**
 * Serve MCP on standard input and output until the client goes away. Only the environment is read: the directory
 * is whichever the client happens to work in, and its `.env` is somebody else's.
 * @returns exit code
 */
export async function serveMcpCommand(environment: Environment): Promise<number> {
  refuseInsideChat(environment);
  const config = readConfig(environment);
  const { url, token } = gatewayPlace(undefined, { config, environment });
  const client = createClient({ baseUrl: url, token });
  const offer: Offer = {
    bound: [],
    defaultBot: defaultBot(environment.MCB_BOT_ID),
    offers: () => true,
  };
  const mcp = createMcpServer({
    version,
    instructions,
    tools: contractTools(offer),
    scope: { ...offer, speaker: () => ({ client, bound: {} }) },
    after: systemClock.after,
    callMs: config.MCB_MCP_TIMEOUT * 1000,
    claudeMs: config.MCB_GATEWAY_TIMEOUT * 1000,
    newKey: randomUUID,
    onFault: (error) => console.error(error),
  });
  await serveStdio(mcp, { input: process.stdin, output: process.stdout, aside: process.stderr });
  return 0;
}

/** There Claude has the tools of its own bot; these could name another. */
function refuseInsideChat(environment: Environment): void {
  if (environment[markerVariable] === undefined) return;
  throw new UserFault(
    'Inside a chat the gateway gives Claude its own tools (mcp__bot__…): this server is for outside.',
  );
}

function readConfig(environment: Environment): Config {
  try {
    return loadConfig(environment);
  } catch (error) {
    throw error instanceof ConfigError ? new UserFault(error.message, 2) : error;
  }
}

/** Unset: the gateway knows which bot a token is for. @throws UserFault */
export function defaultBot(written: string | undefined): BotId | undefined {
  const text = written?.trim();
  if (!text) return undefined;
  const parsed = BotId.safeParse(text);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join(', ');
  throw new UserFault(`The bot ${JSON.stringify(text)} can't be used: it ${why}.`, 2);
}
