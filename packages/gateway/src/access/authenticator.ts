import { GatewayError } from '@mini-claude-bot/contract';
import { type Caller, localOwner } from '../http/caller.ts';
import type { AccessTokens } from './access-tokens.ts';
import { credentialsIn } from './credentials.ts';
import type { LocalKey } from './local-access.ts';
import type { RateLimit } from './rate-limit.ts';
import { isLocal, isProxied, throttleKey } from './remote-address.ts';
import { tokenDigest } from './token-text.ts';
import type { TokenRow } from './tokens-repo.ts';

/** What is known of a request before anything of it is read. */
export interface Arrival {
  /** Where the connection comes from. */
  readonly address: string | undefined;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly authorization?: string | undefined;
  };
}

/** What callers are known by. */
export interface AuthenticatorParts {
  /** `loopback`: who calls from this machine needs no token. `token`: everybody needs one. */
  readonly mode: 'loopback' | 'token';
  readonly tokens: AccessTokens;
  readonly localKey: LocalKey;
  /** Wrong tokens, by where they come from. */
  readonly failures: RateLimit;
  /** Somebody was refused because of a wrong token. */
  readonly onRefused?: (address: string | undefined, error: GatewayError) => void;
}

/** Addresses with a token that is right, and that are remembered. */
const mostPlaces = 10_000;

/** Says who calls. Nothing is remembered of a call that would let in the next one. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;
  readonly #goodPlaces = new Set<string>();

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /** @throws GatewayError `unauthorized`, `too_many_requests` */
  identify({ address, headers }: Arrival): Caller {
    const credentials = credentialsIn(headers.authorization);
    if (credentials.kind === 'none') {
      const trusted = this.#parts.mode === 'loopback' && isLocal(address) && !isProxied(headers);
      if (trusted) return localOwner;
      throw needsToken();
    }
    const place = throttleKey(address);
    const waitMs = this.#parts.failures.waitMs(place);
    const caller =
      credentials.kind === 'token' ? this.#callerWith(credentials.token, place, waitMs) : undefined;
    if (caller !== undefined) return caller;
    if (waitMs === 0) this.#parts.failures.take(place);
    const refusal = waitMs > 0 ? tooManyTries(waitMs) : wrongToken();
    this.#parts.onRefused?.(address, refusal);
    throw refusal;
  }

  #callerWith(text: string, place: string, waitMs: number): Caller | undefined {
    const { localKey, tokens } = this.#parts;
    const digest = tokenDigest(text);
    if (localKey.matches(digest)) return { name: 'local', botId: undefined };
    const token = tokens.match(digest);
    if (token === undefined || !this.#mayPass(token, place, waitMs)) return undefined;
    return { name: token.name, botId: token.bot_id ?? undefined, tokenId: token.id };
  }

  /**
   * While an address may not try any more, a right token is not looked at either: it would be one that was
   * guessed. But where it came from that address before, it goes on being right: behind a proxy all have
   * one address, and a stranger who tries there must not lock out the others.
   */
  #mayPass({ id }: TokenRow, place: string, waitMs: number): boolean {
    const key = `${id} ${place}`;
    if (this.#goodPlaces.has(key)) return true;
    if (waitMs > 0) return false;
    this.#goodPlaces.add(key);
    const [oldest] = this.#goodPlaces;
    if (this.#goodPlaces.size > mostPlaces && oldest !== undefined) this.#goodPlaces.delete(oldest);
    return true;
  }
}

const howTo = 'The owner makes one with: mini-claude-bot token create NAME';

const needsToken = (): GatewayError =>
  new GatewayError(
    'unauthorized',
    `A token is required: "Authorization: Bearer TOKEN", or TOKEN as the password. ${howTo}`,
  );

const wrongToken = (): GatewayError =>
  new GatewayError('unauthorized', `This token is not valid, or not any more. ${howTo}`);

function tooManyTries(waitMs: number): GatewayError {
  const retryAfter = Math.ceil(waitMs / 1000);
  const words = `Too many wrong tokens from this address. Try again in ${retryAfter} s.`;
  return new GatewayError('too_many_requests', words, { retryAfter });
}
