import {
  type ErrorBody,
  type ErrorCode,
  errorCodeHeader,
  GatewayError,
} from '@mini-claude-bot/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isUnwritable } from '../db/database.ts';

/** Faults that the HTTP server itself finds, and SQLite's, by the code that they carry. */
const known: Readonly<Record<string, { code: ErrorCode; message: (limitMb: number) => string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    message: (limitMb) => `The request body is larger than ${limitMb} MB (GATEWAY_MAX_BODY_MB).`,
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    message: () => 'A body must be sent with "Content-Type: application/json".',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'malformed_json',
    message: () => 'The body is not as long as its Content-Length says.',
  },
  FST_ERR_BAD_URL: { code: 'not_found', message: () => 'The address is not a valid URL path.' },
};

const databaseWords = 'The database cannot be written at the moment. The gateway log says more.';

const Coded = z.object({ code: z.string() });

/** What a fault is to the one who called. Faults of our own stay in the log. */
export function toGatewayError(error: unknown, limitMb: number): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = Coded.safeParse(error).data?.code ?? '';
  const entry = Object.hasOwn(known, code) ? known[code] : undefined;
  if (entry !== undefined)
    return new GatewayError(entry.code, entry.message(limitMb), { cause: error });
  if (isUnwritable(error)) {
    return new GatewayError('database_unavailable', databaseWords, { cause: error });
  }
  return new GatewayError(
    'internal',
    'The gateway could not do this because of a fault of its own.',
    {
      cause: error,
    },
  );
}

export const errorBody = (error: GatewayError): ErrorBody => ({
  detail: error.issues.length > 0 ? [...error.issues] : error.message,
});

/** Answer in the contract's form. */
export function sendError(reply: FastifyReply, error: GatewayError): FastifyReply {
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
  if (error.code === 'unauthorized') reply.header('www-authenticate', challenge(reply.request));
  return reply
    .code(error.status)
    .header(errorCodeHeader, error.code)
    .send({ ...error.fields, ...errorBody(error) });
}

/** Somebody who opens a page is asked for the token by the browser; a page that calls is told, and asks itself. */
const challenge = ({ headers }: FastifyRequest): string =>
  headers['sec-fetch-mode'] === 'navigate'
    ? 'Basic realm="mini-claude-bot: any name, and a token", charset="UTF-8"'
    : 'Bearer realm="mini-claude-bot"';

/** Answer every fault in the contract's form. */
export function answerErrors(app: FastifyInstance, limitMb: number): void {
  app.setErrorHandler((fault, request, reply) => {
    const error = toGatewayError(fault, limitMb);
    // Whoever watches the gateway asks often; what is wrong stands in the log once.
    if (error.status >= 500 && error.code !== 'unhealthy')
      request.log.error({ err: error.cause ?? error }, error.message);
    return sendError(reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]?.slice(0, 200);
    const words = `There is no ${request.method} ${path} here. /docs shows what there is.`;
    return sendError(reply, new GatewayError('not_found', words));
  });
}
