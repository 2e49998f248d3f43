import { GatewayError } from '@mini-claude-bot/contract';
import { type Caller, localOwner } from '../http/caller.ts';
import type { AccessTokens } from './access-tokens.ts';
import { credentialsIn } from './credentials.ts';
import type { LocalKey } from './local-access.ts';
import type { RateLimit } from './rate-limit.ts';
import { isLocal, isProxied, throttleKey } from './remote-address.ts';
import type { CookieRequest, SignInCookie } from './sign-in-cookie.ts';
import type { SignInLinks } from './sign-in-links.ts';
import type { SignIns } from './sign-ins.ts';
import { tokenDigest } from './token-text.ts';
import type { TokenRow } from './tokens-repo.ts';

/** What is known of a request before anything of it is read. */
export interface Arrival {
  /** Where the connection comes from. */
  readonly address: string | undefined;
  readonly method: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly authorization?: string | undefined;
  };
}

/** What somebody signs in with. */
export type SignInCredential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'code'; readonly code: string };

/** What callers are known by. */
export interface AuthenticatorParts {
  /** `loopback`: who calls from this machine needs no token. `token`: everybody needs one. */
  readonly mode: 'loopback' | 'token';
  readonly tokens: AccessTokens;
  readonly localKey: LocalKey;
  /** Browsers that are signed in; unset: none can be. */
  readonly browsers?: { readonly cookie: SignInCookie; readonly signIns: SignIns };
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

  /** @throws GatewayError `unauthorized`, `too_many_requests`; SignedOut */
  identify({ address, method, headers }: Arrival): Caller {
    const credentials = credentialsIn(headers.authorization);
    if (credentials.kind === 'none') {
      const signedIn = this.#signedIn({ method, headers });
      if (signedIn !== undefined) return signedIn;
      const trusted = this.#parts.mode === 'loopback' && isLocal(address) && !isProxied(headers);
      if (trusted) return localOwner;
      throw needsToken();
    }
    const place = throttleKey(address);
    const waitMs = this.#parts.failures.waitMs(place);
    const caller =
      credentials.kind === 'token' ? this.#callerWith(credentials.token, place, waitMs) : undefined;
    if (caller !== undefined) return caller;
    throw this.#refuse(address, waitMs, wrongToken());
  }

  /**
   * Sign a browser in. What is wrong counts as a wrong token does.
   * @returns the token that it is signed in with; none: as the owner of this machine
   * @throws GatewayError `unauthorized`, `too_many_requests`
   */
  signInWith(
    credential: SignInCredential,
    address: string | undefined,
    links: SignInLinks,
  ): { readonly tokenId: number | undefined } {
    const place = throttleKey(address);
    const waitMs = this.#parts.failures.waitMs(place);
    if (credential.kind === 'token') {
      const tokenId = this.#callerWith(credential.token, place, waitMs)?.tokenId;
      if (tokenId !== undefined) return { tokenId };
      throw this.#refuse(address, waitMs, wrongToken());
    }
    const link = waitMs > 0 ? undefined : links.take(credential.code);
    const { tokenId } = link ?? {};
    const counts = tokenId === undefined || this.#parts.tokens.find(tokenId) !== undefined;
    if (link !== undefined && counts) return { tokenId };
    throw this.#refuse(address, waitMs, usedLink());
  }

  #refuse(address: string | undefined, waitMs: number, wrong: GatewayError): GatewayError {
    if (waitMs === 0) this.#parts.failures.take(throttleKey(address));
    const refusal = waitMs > 0 ? tooManyTries(waitMs) : wrong;
    this.#parts.onRefused?.(address, refusal);
    return refusal;
  }

  /** What a cookie has can't be guessed, and comes by itself: one that is out of date is no wrong try. */
  #signedIn(request: CookieRequest): Caller | undefined {
    const { cookie, signIns } = this.#parts.browsers ?? {};
    const secret = cookie?.read(request);
    if (secret === undefined) return undefined;
    const caller = signIns?.match(secret);
    if (caller === undefined) throw new SignedOut();
    return caller;
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

/** A browser that was signed in, and is no more. */
export class SignedOut extends GatewayError {
  constructor() {
    super('unauthorized', 'This browser is not signed in any more. Sign in again.');
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

const usedLink = (): GatewayError =>
  new GatewayError(
    'unauthorized',
    'This link was used already, or is too old. Make another one with: mini-claude-bot open',
  );

function tooManyTries(waitMs: number): GatewayError {
  const retryAfter = Math.ceil(waitMs / 1000);
  const words = `Too many wrong tokens from this address. Try again in ${retryAfter} s.`;
  return new GatewayError('too_many_requests', words, { retryAfter });
}
