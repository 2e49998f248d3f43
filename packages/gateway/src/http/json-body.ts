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
  if (isDeeperThan(deepest, bytes))
    throw malformed(`it is nested more than ${deepest} levels deep`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : String(cause));
  }
}

/** To parse millions of levels takes many seconds, in which nobody else is served. Nothing here has ten. */
const deepest = 64;
const quote = 0x22;
const backslash = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x5b || byte === 0x7b;
const isClosing = (byte: number): boolean => byte === 0x5d || byte === 0x7d;

function isDeeperThan(levels: number, json: Buffer): boolean {
  let depth = 0;
  for (let n = 0; n < json.length; n += 1) {
    const byte = json[n] ?? 0;
    if (byte === quote) n = endOfString(json, n);
    else if (isOpening(byte)) depth += 1;
    else if (isClosing(byte)) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

/** @returns where the quote is that ends the string which begins at `start` */
function endOfString(json: Buffer, start: number): number {
  let n = start + 1;
  while (n < json.length && json[n] !== quote) n += json[n] === backslash ? 2 : 1;
  return n;
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
