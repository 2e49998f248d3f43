import { splitAddress } from '@mini-claude-bot/client';
import { readLocalAccess } from '../access/local-access.ts';
import { realDatabasePath } from '../db/hold-database.ts';
import { listensToOthers } from '../host/loopback.ts';
import type { Settings } from './settings.ts';
import { UserFault } from './user-fault.ts';

/** A gateway, and how to be let in. */
export interface GatewayPlace {
  /** Without a path, and without a token. */
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * The gateway to talk to: the one named, else MCB_API_BASE, else the one of this configuration. The token is
 * the address's own password, else MCB_TOKEN, else the key that the gateway of this configuration has put
 * beside its database, which is sent to that gateway only.
 * @throws UserFault for an address that is none
 */
export function gatewayPlace(named: string | undefined, settings: Settings): GatewayPlace {
  const { config } = settings;
  const address = gatewayAddress(named, settings);
  const written = splitAddress(address);
  const url = withoutApi(new URL(written.url));
  const local = readLocalAccess(realDatabasePath(config.DATABASE_PATH));
  const key = local !== undefined && isSamePlace(local.url, url) ? local.key : undefined;
  return { url, token: written.token ?? config.MCB_TOKEN ?? key };
}

function gatewayAddress(named: string | undefined, { config, environment }: Settings): string {
  if (named !== undefined) return parse(named).href;
  if (environment.MCB_API_BASE?.trim()) return config.MCB_API_BASE;
  return listeningAddress(config.HOST, config.PORT);
}

/** Where one that listens everywhere is found from here. */
const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** `http://127.0.0.1:8000`, with brackets around an IPv6 address. */
export function listeningAddress(host: string, port: number): string {
  const name = wildcards[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Whether two addresses are the same, where this machine itself has several names. */
function isSamePlace(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  const isHere = ({ hostname }: URL): boolean => !listensToOthers(hostname.replace(/^\[|\]$/g, ''));
  return a.origin === b.origin || (a.port === b.port && isHere(a) && isHere(b));
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UserFault(
    `--url: ${JSON.stringify(address.replace(/\/\/[^/]*@/, '//…@'))} is not an address such as http://127.0.0.1:8000`,
    2,
  );
}

/** MCB_API_BASE ends in `/api`, as other programs that read it expect; our paths begin with it. */
const withoutApi = ({ origin, pathname }: URL): string =>
  origin + pathname.replace(/\/+$/, '').replace(/\/api$/, '');
