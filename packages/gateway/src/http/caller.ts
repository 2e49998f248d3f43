import { type BotId, GatewayError, type Operation } from '@mini-claude-bot/contract';

/** Who calls. */
export interface Caller {
  /** As the audit and the logs name them. */
  readonly name: string;
  /** The only bot that they may act for; undefined: for all. */
  readonly botId: BotId | undefined;
  /** The token that they came with. */
  readonly tokenId?: number;
  /** The sign-in that their browser has. */
  readonly signInId?: number;
  /** Bound to a bot as it is, it may have commands run on this machine. Who is bound to none always may. */
  readonly mayRunCommands?: boolean;
}

/** What is open with it is closed when it ends; undefined: nothing that could. */
export function credentialOf({ tokenId, signInId }: Caller): string | undefined {
  if (signInId !== undefined) return `sign-in ${signInId}`;
  return tokenId === undefined ? undefined : `token ${tokenId}`;
}

/** Whoever has not said yet who they are. They may do nothing but say it. */
export const nobody: Caller = { name: 'unknown', botId: undefined };

/** Whoever calls from this machine, without a token. */
export const localOwner: Caller = { name: 'loopback', botId: undefined };

/**
 * Keep a caller within its bot: a bot that the input leaves out is the caller's own.
 * @param gathered the input as it came, not parsed yet; changed in place
 * @throws GatewayError `forbidden` for another bot, and for what concerns all of them
 */
export function confine(
  operation: Operation,
  gathered: Record<string, unknown>,
  { botId }: Caller,
): void {
  if (botId === undefined || operation.access === 'anyone') return;
  if (operation.access === 'owner') {
    throw new GatewayError('forbidden', `This token is for the bot ${botId} alone.`);
  }
  if (!Object.hasOwn(operation.input.shape, 'bot_id')) return;
  gathered.bot_id ??= botId;
  if (gathered.bot_id !== botId) {
    throw new GatewayError('forbidden', `This token is for the bot ${botId} alone.`);
  }
}
