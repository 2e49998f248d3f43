import { type Client, createClient, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError } from '@mini-claude-bot/contract';
import type { z } from 'zod';
import { gatewayPlace } from './gateway-address.ts';
import { type ConfigSources, readSettings } from './settings.ts';
import { UserFault } from './user-fault.ts';

/**
 * Ask the gateway something, and say in words for a terminal why it could not be done.
 * @param named its address; undefined: the one of this configuration
 * @throws UserFault
 */
export async function askGateway<T>(
  named: string | undefined,
  sources: ConfigSources,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const { url, token } = gatewayPlace(named, readSettings(sources));
  try {
    return await ask(createClient({ baseUrl: url, token }));
  } catch (error) {
    if (error instanceof UnreachableError) {
      throw new UserFault(`No gateway answers at ${url}. Start it with: mini-claude-bot start`);
    }
    if (error instanceof GatewayError) throw new UserFault(error.message);
    throw error;
  }
}

/** What was given on the command line, as the contract has it. @throws UserFault with exit code 2 */
export function givenAs<S extends z.ZodType>(schema: S, what: string, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join(', ');
  throw new UserFault(`${what} ${JSON.stringify(value)} can't be used: ${why}.`, 2);
}
