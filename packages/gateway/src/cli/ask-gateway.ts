import { type Client, createClient, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError } from '@mini-claude-bot/contract';
import { gatewayPlace } from './gateway-address.ts';
import { type ConfigSources, readSettings } from './settings.ts';
import { UserFault } from './user-fault.ts';

/**
 * Ask the gateway that runs.
 * @param named its address; none: the one of this configuration
 * @throws UserFault where none answers, or it refuses
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
      throw new UserFault(`No gateway answers at ${url}. Start it with: npm start`);
    }
    if (error instanceof GatewayError) throw new UserFault(error.message);
    throw error;
  }
}
