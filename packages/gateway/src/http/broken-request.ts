import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorBody } from '@mini-claude-bot/contract';

const faults: Readonly<Record<string, { status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: 'The headers of the request are too large (GATEWAY_MAX_HEADER_KB).',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: 'The request took too long to arrive (GATEWAY_REQUEST_TIMEOUT).',
  },
};

const broken = { status: 400, detail: 'This is not a valid HTTP request.' };

/** Answer what is no request that could be routed, in the contract's form, and hang up. */
export function answerBrokenRequest(fault: Error & { code?: string }, socket: Socket): void {
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = faults[fault.code ?? ''] ?? broken;
  socket.end(bareAnswer(status, detail));
}

/** A whole HTTP answer, for a connection that is closed after it. */
export function bareAnswer(status: number, detail: string): string {
  const body = JSON.stringify({ detail } satisfies ErrorBody);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    'x-content-type-options: nosniff',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
