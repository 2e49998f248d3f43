import { isOwnOrigin } from './browser-gate.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How a request came, as far as cookies go. */
export interface CookieRequest {
  readonly method: string;
  /** By name in lower case. */
  readonly headers: Headers;
}

/**
 * The cookie of one gateway: two of them on one machine have two, since cookies know no ports. Over https it is one
 * that no other host, and nobody on the way, can set (https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-__host-prefix).
 */
export class SignInCookie {
  readonly #plain: string;
  readonly #secure: string;

  /** @param gatewayId letters and digits, another one for each gateway */
  constructor(gatewayId: string) {
    this.#plain = `mcb-${gatewayId}`;
    this.#secure = `__Host-mcb-${gatewayId}`;
  }

  /**
   * The secret that a request brings; undefined: none that counts. A cookie comes by itself, whoever made the browser
   * ask, so it counts for the gateway's own page alone; what writes must show that it is that one's.
   */
  read(request: CookieRequest): string | undefined {
    const { cookie } = request.headers;
    if (typeof cookie !== 'string') return undefined;
    const secure = valuesOf(cookie, this.#secure);
    const found = secure.length > 0 ? secure : valuesOf(cookie, this.#plain);
    const [value] = found;
    // Somebody else has put one beside it.
    if (value === undefined || found.length > 1) return undefined;
    return isFromOwnPage(request, secure.length > 0) ? value : undefined;
  }

  /** `Set-Cookie` that signs in. @param seconds how long */
  set(secret: string, seconds: number, headers: Headers): string {
    const secure = isOverTls(headers);
    const name = secure ? this.#secure : this.#plain;
    return `${name}=${secret}; Max-Age=${seconds}; ${rules}${secure ? '; Secure' : ''}`;
  }

  /** `Set-Cookie`s that sign out. */
  clear(): string[] {
    return [
      `${this.#plain}=; Max-Age=0; ${rules}`,
      `${this.#secure}=; Max-Age=0; ${rules}; Secure`,
    ];
  }
}

const rules = 'Path=/; HttpOnly; SameSite=Strict';

const valuesOf = (header: string, name: string): string[] =>
  header.split(';').flatMap((part) => {
    const [key, ...value] = part.trim().split('=');
    return key === name ? [value.join('=')] : [];
  });

/**
 * Whether the browser itself came by https: its page says so, or else the proxy that it came by. It concerns the one
 * who says it alone, so it may be believed.
 */
const isOverTls = ({ origin, 'x-forwarded-proto': proto }: Headers): boolean =>
  origin === undefined ? proto === 'https' : String(origin).startsWith('https://');

const readOnly = ['GET', 'HEAD'];

/**
 * Browsers say it with `Sec-Fetch-Site`, but not to an address in a network without https; there `Origin` says it, which
 * comes with whatever writes.
 */
function isFromOwnPage({ method, headers }: CookieRequest, secure: boolean): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const reads = readOnly.includes(method);
  if (site !== undefined) return site === 'same-origin' || (reads && site === 'none');
  if (origin === undefined) return reads;
  if (typeof origin !== 'string' || typeof host !== 'string') return false;
  return isOwnOrigin(origin, host.toLowerCase()) && (!secure || origin.startsWith('https://'));
}
