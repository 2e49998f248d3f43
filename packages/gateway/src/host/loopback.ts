import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an IP address is this machine's own; also as IPv6 writes an IPv4 one. A name is none. */
export function isLoopback(address: string): boolean {
  // Nearly always one of these; a list takes as long as all else that is asked of a request.
  if (address === '127.0.0.1' || address === '::1') return true;
  const kind = isIP(address);
  return kind !== 0 && loopback.check(address, kind === 4 ? 'ipv4' : 'ipv6');
}

/** Whether listening on that name or address could be reached from other machines. */
export const listensToOthers = (host: string): boolean =>
  isIP(host) === 0 ? host.toLowerCase() !== 'localhost' : !isLoopback(host);
