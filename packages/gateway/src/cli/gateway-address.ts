import type { Settings } from './settings.ts';
import { UserFault } from './user-fault.ts';

/**
 * The address of the gateway to talk to, without a path: the one named, else MCB_API_BASE, else where the
 * gateway of this configuration listens.
 * @throws UserFault for an address that is none
 */
export function gatewayAddress(named: string | undefined, settings: Settings): string {
  if (named !== undefined) return withoutApi(parse(named));
  const { config, environment } = settings;
  if (environment.MCB_API_BASE?.trim()) return withoutApi(new URL(config.MCB_API_BASE));
  return listeningAddress(config.HOST, config.PORT);
}

/** `http://127.0.0.1:8000`, with brackets around an IPv6 address. */
export const listeningAddress = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UserFault(
    `--url: ${JSON.stringify(address)} is not an address such as http://127.0.0.1:8000`,
    2,
  );
}

/** MCB_API_BASE ends in `/api`, as other programs that read it expect; our paths begin with it. */
const withoutApi = ({ origin, pathname }: URL): string =>
  origin + pathname.replace(/\/+$/, '').replace(/\/api$/, '');
