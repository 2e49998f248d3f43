import { ConnectionLostError, UnreachableError } from '@mini-claude-bot/client';
import { type ErrorCode, GatewayError } from '@mini-claude-bot/contract';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** It took longer than the server waits. */
export class WaitedTooLongError extends Error {
  override readonly name = 'WaitedTooLongError';
}

/** A turn that has no reply: it failed, was stopped, or was not run. */
export class TurnFault extends Error {
  override readonly name = 'TurnFault';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Something that a caller can do something about, in words that say what. */
export interface Fault {
  readonly code: ErrorCode | 'unreachable' | 'connection_lost' | 'timeout';
  readonly message: string;
}

/** What to do, beyond what the message says already. */
const advice: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'The MCP server gets its token as MCB_TOKEN.',
  not_found: 'List what there is, and take an id from there.',
  database_unavailable: 'Nothing was changed. Try again in a minute.',
  shutting_down: 'Try again in a minute.',
  too_many_requests: 'Wait before you try again.',
  internal: 'Nothing that you can do about; tell the owner.',
};

/** A known fault in words; undefined: nobody foresaw it. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof GatewayError) {
    const { code, message } = error;
    return { code, message: [message, advice[code]].filter(Boolean).join(' ') };
  }
  if (error instanceof UnreachableError) {
    const message =
      `${sentence(error.message)} Its owner starts it with \`mini-claude-bot start\`` +
      ' (or `npm start` in its directory). If it runs elsewhere, set MCB_API_BASE to its address.';
    return { code: 'unreachable', message };
  }
  if (error instanceof ConnectionLostError) {
    const message = `${sentence(error.message)} Look whether it was done before you ask again.`;
    return { code: 'connection_lost', message };
  }
  if (error instanceof WaitedTooLongError) return { code: 'timeout', message: error.message };
  if (error instanceof TurnFault) return { code: error.code, message: error.message };
  if (error instanceof z.ZodError || error instanceof SyntaxError) return strangeAnswer;
  return undefined;
}

const strangeAnswer: Fault = {
  code: 'internal',
  message:
    'The answer is not what this version of the MCP server expects. It and the gateway must be of the same version.',
};

/** As models get it: they can read it, and do something else. */
export const faultResult = ({ code, message }: Fault): CallToolResult => ({
  isError: true,
  content: [{ type: 'text', text: message }],
  _meta: { 'mini-claude-bot/error': code },
});

const sentence = (text: string): string =>
  `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
