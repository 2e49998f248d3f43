import {
  errorCodeHeader,
  GatewayError,
  nextCursorHeader,
  searchModeHeader,
} from '@mini-claude-bot/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticator.ts';
import { type BrowserRules, browserRefusal, isAllowedOrigin } from '../access/browser-gate.ts';
import type { CallerSockets } from '../access/caller-sockets.ts';
import type { Caller } from './caller.ts';
import { securityHeaders } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; undefined until that is known. */
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Whether a request is answered without asking who calls: what it gets is nobody's secret. */
    open?: (request: FastifyRequest) => boolean;
  }
}

/** Who and what is let in. */
export interface GuardParts {
  readonly authenticator: Authenticator;
  readonly sockets: CallerSockets;
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
      request.caller = parts.authenticator.identify({
        address: raw.socket.remoteAddress,
        headers: raw.headers,
      });
      reply.raw.once('close', parts.sockets.note(raw.socket, request.caller.tokenId));
      done();
    } catch (error) {
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

function refuseBrowser({ raw }: FastifyRequest, rules: BrowserRules): void {
  const { origin, 'sec-fetch-site': site } = raw.headers;
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
