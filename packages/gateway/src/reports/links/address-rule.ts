import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** A page that must not be asked for. The message says why, in words that go on after a colon. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Finds all addresses of a name. @throws the system's error */
export type FindAddresses = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const systemAddresses: FindAddresses = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/** Which pages may be asked for: those with https at a public address, and hosts that the owner trusts. */
export class AddressRule {
  readonly #trusted: ReadonlySet<string>;
  readonly #find: FindAddresses;

  /** @param trusted host names or addresses, in lower case, that may be private ones */
  constructor(trusted: readonly string[], find: FindAddresses = systemAddresses) {
    this.#trusted = new Set(trusted);
    this.#find = find;
  }

  /** The address, where its form is right. @throws AddressRefused */
  parse(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined) throw new AddressRefused('it is no address');
    if (url.protocol !== 'https:') throw new AddressRefused('it is not https');
    if (url.username !== '' || url.password !== '')
      throw new AddressRefused('there is a name or a password in it');
    const host = hostOf(url);
    // A name is looked at once it is looked up.
    if (isIP(host) !== 0) this.#refusePrivate(host, host);
    return url;
  }

  /** Why a page must not be asked for; undefined: it may. A name that is not found may: nothing is there. */
  async refusal(text: string): Promise<string | undefined> {
    try {
      const host = hostOf(this.parse(text));
      if (isIP(host) === 0) await this.addresses(host).catch(onlyRefusals);
      return undefined;
    } catch (error) {
      if (error instanceof AddressRefused) return error.message;
      throw error;
    }
  }

  /** Of a name with several addresses all must be public. @throws AddressRefused; the system's error */
  async addresses(host: string) {
    const found = await this.#find(host);
    for (const { address } of found) this.#refusePrivate(host, address);
    return found;
  }

  /**
   * For connections: the address that was looked at is the one that is connected to, so that a name can't be
   * another one in between.
   */
  readonly lookup: LookupFunction = (host, options, callback) => {
    this.addresses(host).then(
      (found) => {
        const [first] = found;
        if (options.all === true) callback(null, [...found]);
        else if (first === undefined) callback(new Error(`${host} has no address`), '');
        else callback(null, first.address, first.family);
      },
      (error: unknown) =>
        callback(error instanceof Error ? error : new Error(String(error)), '', 0),
    );
  };

  #refusePrivate(host: string, address: string): void {
    if (this.#trusted.has(host.toLowerCase()) || isPublicAddress(address)) return;
    throw new AddressRefused('it leads to a private address');
  }
}

const onlyRefusals = (error: unknown): void => {
  if (error instanceof AddressRefused) throw error;
};

/** Without the brackets of an IPv6 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
