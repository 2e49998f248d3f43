import {
  errorCodeHeader,
  GatewayError,
  nextCursorHeader,
  searchModeHeader,
} from '@mini-claude-bot/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Authenticator, SignedOut } from '../access/authenticator.ts';
import { type BrowserRules, browserRefusal, isAllowedOrigin } from '../access/browser-gate.ts';
import type { CallerSockets } from '../access/caller-sockets.ts';
import type { SignInCookie } from '../access/sign-in-cookie.ts';
import { type Caller, credentialOf, nobody } from './caller.ts';
import { securityHeaders } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; undefined until that is known. */
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Whether a request is answered without asking who calls: what it gets is nobody's secret. */
    open?: (request: FastifyRequest) => boolean;
    /** It is how somebody says who they are. */
    beforeSignIn?: boolean;
  }
}

/** Who and what is let in. */
export interface GuardParts {
  readonly authenticator: Authenticator;
  readonly sockets: CallerSockets;
  /** Unset: browsers don't sign in. */
  readonly cookie?: SignInCookie;
  readonly browsers: BrowserRules;
  /** Longest address of a request, in kilobytes. */
  readonly maxUrlKb: number;
  /** How long a client may leave an answer lying, in milliseconds. */
  readonly takeWithinMs: number;
}

/** Characters. */
const shortAnswer = 16 * 1024;

/** Look at every request, for whatever route or none, before anything of its body is read. */
export function guard(app: FastifyInstance, parts: GuardParts): void {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    try {
      reply.headers(securityHeaders);
      refuseLongUrl(request, parts.maxUrlKb);
      refuseBrowser(request, parts.browsers);
      allowOrigin(request, reply, parts.browsers);
      if (isPreflight(request)) return void reply.code(204).send();
      if (request.routeOptions.config.open?.(request)) return void done();
      const { raw } = request;
      if (request.routeOptions.config.beforeSignIn === true) {
        request.caller = nobody;
        return void done();
      }
      request.caller = parts.authenticator.identify({
        address: raw.socket.remoteAddress,
        method: request.method,
        headers: raw.headers,
      });
      reply.raw.once('close', parts.sockets.note(raw.socket, credentialOf(request.caller)));
      done();
    } catch (error) {
      if (error instanceof SignedOut && parts.cookie !== undefined)
        reply.header('set-cookie', parts.cookie.clear());
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
  app.addHook('onSend', (request, _reply, payload, done) => {
    // What a client does not take is not kept for it; a short answer the system has taken already. The next
    // request of the connection begins anew.
    const isShort = typeof payload === 'string' && payload.length <= shortAnswer;
    if (!isShort) request.raw.socket.setTimeout(parts.takeWithinMs);
    done();
  });
}

/** @throws Error for a request that did not come by {@link guard} */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('it is not known who calls');
  return caller;
}

function refuseLongUrl({ raw }: FastifyRequest, maxKb: number): void {
  if ((raw.url?.length ?? 0) <= maxKb * 1024) return;
  const words = `The address of the request is longer than ${maxKb} KB (GATEWAY_MAX_URL_KB).`;
  throw new GatewayError('url_too_long', words);
}

function refuseBrowser(request: FastifyRequest, rules: BrowserRules): void {
  const { raw } = request;
  const { origin } = raw.headers;
  const site = isVisit(request) ? undefined : raw.headers['sec-fetch-site'];
  const refusal = browserRefusal(
    {
      host: hostOf(raw),
      origin,
      site,
      localAddress: raw.socket.localAddress,
    },
    rules,
  );
  if (refusal !== undefined) throw new GatewayError('forbidden', refusal);
}

/**
 * Whether somebody follows a link of another site to the page, such as one in a message. What they get is the same for
 * everybody, and nothing is done before the page itself asks for it.
 */
const isVisit = (request: FastifyRequest): boolean =>
  request.method === 'GET' &&
  request.headers['sec-fetch-mode'] === 'navigate' &&
  request.headers['sec-fetch-dest'] === 'document' &&
  request.routeOptions.config.open?.(request) === true;

/**
 * The one host that a request is for. An address in its first line counts before the header (RFC 9112, 3.2.2), and two
 * headers are none: which of them counts would be another one for us than for a proxy.
 */
function hostOf({ url, headers, rawHeaders }: FastifyRequest['raw']): string | undefined {
  const named = rawHeaders.filter((name, n) => n % 2 === 0 && name.toLowerCase() === 'host');
  if (named.length > 1) return undefined;
  return /^https?:\/\/([^/?#]*)/i.exec(url ?? '')?.[1] ?? headers.host;
}

/** Pages of other sites read nothing here, unless the owner has named them (https://fetch.spec.whatwg.org/#http-cors-protocol). */
function allowOrigin({ headers }: FastifyRequest, reply: FastifyReply, rules: BrowserRules): void {
  if (rules.origins.size === 0) return;
  reply.header('vary', 'Origin');
  const { origin } = headers;
  if (origin === undefined || !isAllowedOrigin(origin, rules)) return;
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers':
      'authorization, content-type, idempotency-key, last-event-id, mcp-session-id, mcp-protocol-version',
    'access-control-expose-headers': `${errorCodeHeader}, retry-after, ${searchModeHeader}, ${nextCursorHeader}, mcp-session-id`,
    'access-control-max-age': '600',
    'cross-origin-resource-policy': 'cross-origin',
  });
}

/** A browser asks whether a page may ask. It never says who asks, so there is nobody to be known. */
const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;
