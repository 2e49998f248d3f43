import { GatewayError } from '@mini-claude-bot/contract';

/** Whether the gateway wants to know first who asks. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'unauthorized';
