import { isIP } from 'node:net';
import { isLoopback } from '../host/loopback.ts';

/** Names and pages that the owner has allowed. */
export interface BrowserRules {
  /** Host names in lower case, with a port or without: then with any. */
  readonly hosts: ReadonlySet<string>;
  /** Origins of pages, such as `https://example.org`. */
  readonly origins: ReadonlySet<string>;
}

/** What a browser says of where a request comes from and goes to. */
export interface BrowserRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`. */
  readonly site: string | undefined;
  /** The address of this machine that the connection came to. */
  readonly localAddress: string | undefined;
}

/** Why a request is refused; undefined: as far as browsers are concerned it is not. */
export function browserRefusal(request: BrowserRequest, rules: BrowserRules): string | undefined {
  const host = parseHost(request.host);
  if (host === undefined || !isKnown(host, request.localAddress, rules.hosts))
    return hostWords(host);
  const { origin, site } = request;
  if (origin !== undefined && rules.origins.has(origin)) return undefined;
  if (origin !== undefined && !isOwnOrigin(origin, host.text)) return foreignOrigin;
  return site === 'cross-site' ? foreignSite : undefined;
}

/** Whether a page may read answers. */
export const isAllowedOrigin = (origin: string | undefined, rules: BrowserRules): boolean =>
  origin !== undefined && rules.origins.has(origin);

interface Host {
  /** As it was sent, in lower case. */
  readonly text: string;
  /** Without the port, and without brackets. */
  readonly name: string;
}

function parseHost(header: string | undefined): Host | undefined {
  const text = header?.toLowerCase() ?? '';
  const [, bracketed, plain] =
    /^(?:\[([\da-f:.]+)\]|([^:[\]\s@/\\]+))(?::\d{1,5})?$/.exec(text) ?? [];
  const name = bracketed ?? plain?.replace(/\.$/, '') ?? '';
  return name === '' ? undefined : { text, name };
}

/**
 * A name that somebody else has made point here is how a page gets at what listens on its reader's machine
 * (DNS rebinding). It can't do that with an address that it names as one: so the address which the
 * connection came to is known, besides those that always lead here and those that the owner names.
 */
function isKnown(
  { text, name }: Host,
  localAddress: string | undefined,
  hosts: ReadonlySet<string>,
): boolean {
  if (name === 'localhost' || hosts.has(name) || hosts.has(text) || isLoopback(name)) return true;
  return isIP(name) !== 0 && name === localAddress?.replace(/^::ffff:/, '');
}

/** Whether an origin is the one of a page that came from that host. @param host in lower case */
export const isOwnOrigin = (origin: string, host: string): boolean =>
  origin === `http://${host}` || origin === `https://${host}`;

const hostWords = (host: Host | undefined): string =>
  host === undefined
    ? 'The request does not say which one host it is for.'
    : `The gateway does not know the host ${JSON.stringify(host.name.slice(0, 100))}. If it is the gateway's, ` +
      `write: MCB_ALLOWED_HOSTS=${/^[\w.:-]{1,100}$/.test(host.name) ? host.name : 'NAME'}`;

const foreignOrigin =
  'The request comes from a page of another site. If that page may use the gateway, name its origin in ' +
  'MCB_ALLOWED_ORIGINS.';

const foreignSite =
  'The request comes from another site. Open the address by typing it, or name that site in MCB_ALLOWED_ORIGINS.';
