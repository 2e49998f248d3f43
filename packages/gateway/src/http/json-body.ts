import { isUtf8 } from 'node:buffer';
import { GatewayError } from '@mini-claude-bot/contract';
import type { FastifyInstance } from 'fastify';

const malformed = (why: string): GatewayError =>
  new GatewayError('malformed_json', why, {
    issues: [{ loc: ['body'], msg: `The body is not valid JSON: ${why}`, type: 'json_invalid' }],
  });

/** @throws GatewayError `malformed_json`, also for bytes that are not UTF-8 */
function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('it is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Take bodies of `application/json`, and nothing else. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(Buffer.isBuffer(body) ? body : Buffer.from(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
