import type { Client } from '@mini-claude-bot/client';
import type { Operation } from '@mini-claude-bot/contract';

/** For whom a server calls the gateway. */
export interface Speaker {
  readonly client: Client;
  /** Values of the fields that the server fills in itself; whoever calls can't name others. */
  readonly bound: Readonly<Record<string, string>>;
}

/** What a server offers: the same for all that serve callers of one kind. */
export interface Offer {
  /** Names of the fields that {@link Speaker.bound} fills: they are no arguments. */
  readonly bound: readonly string[];
  /** Claude inside a chat is who calls. */
  readonly insideChat?: boolean;
  /** The bot of operations that concern one, where the caller names none. */
  readonly defaultBot?: string | undefined;
  /** Operations that are offered, of those that are tools. */
  readonly offers: (operation: Operation) => boolean;
}

/** What a server offers, and for whom it calls. */
export interface Scope extends Offer {
  /** Asked at each call. @throws GatewayError where that is not known yet */
  readonly speaker: () => Speaker;
}
