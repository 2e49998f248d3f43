import { isIPv6 } from 'node:net';
import { isLoopback } from '../host/loopback.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Headers by which proxies and tunnels say for whom they ask. `x-forwarded-…` besides. */
const proxyHeaders = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'true-client-ip',
  'fastly-client-ip',
  'cf-connecting-ip',
  'cf-ray',
  'tailscale-user-login',
  'tailscale-funnel-request',
];

/**
 * Whether somebody on this machine passed the request on for somebody else: then where the connection comes
 * from says nothing of who asks. What the headers say is not believed either, since anybody can write them.
 */
export function isProxied(headers: Headers): boolean {
  for (const name in headers) if (name.startsWith('x-forwarded')) return true;
  return proxyHeaders.some((name) => headers[name] !== undefined);
}

/** Whether a connection comes from this machine itself. */
export const isLocal = (address: string | undefined): boolean =>
  address !== undefined && isLoopback(address);

/**
 * Whom to count an address's calls to. Whoever has an IPv6 address has the network that it is in, so all of
 * that is one (the first 64 bits; fewer, where they are zeros).
 */
export function throttleKey(address: string | undefined): string {
  if (address === undefined || !isIPv6(address)) return address ?? '';
  const v4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  return v4 ?? (address.split('::')[0] ?? '').split(':').slice(0, 4).join(':');
}
