import { randomUUID } from 'node:crypto';
import type { LiveSession, OwnTools } from '@mini-claude-bot/claude';
import type { Client } from '@mini-claude-bot/client';
import {
  type ChatField,
  type ChatKey,
  chatFields,
  GatewayError,
  type Operation,
} from '@mini-claude-bot/contract';
import type { Offer, Speaker } from '@mini-claude-bot/mcp';
import type { Config } from '../config/config.ts';
import { chatSessionId } from '../history/chat-session-id.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { version } from '../host/version.ts';
import type { Caller } from '../http/caller.ts';

/** Whom the tools of a process act for. */
export interface ToolUser {
  readonly chat: ChatKey;
  /** Somebody waits for what Claude does. */
  readonly attended: boolean;
}

/** What the tools are made from. */
export interface ChatToolsParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Claude sees them as `mcp__bot__{tool}`. */
const serverName = 'bot';

const instructions =
  'Tools of the bot whose chat this is: they see this chat and this bot only. Use them when the user speaks of ' +
  'what was said or asked for before, of what the bot has done or has to do, or wants something kept or done later.';

/**
 * The gateway's tools inside every chat: the operations that say so, called within this process. Whose things they
 * reach is decided here, by the process that asks; nothing in a call can name a chat or a bot.
 */
export class ChatTools {
  readonly #parts: ChatToolsParts;
  /** By the marker of the process. One that is kept ready for whichever chat comes has none yet. */
  readonly #users = new Map<string, ToolUser>();
  #clientFor: ((caller: Caller) => Client) | undefined;
  #mayRunCommands = false;

  constructor(parts: ChatToolsParts) {
    this.#parts = parts;
  }

  /** From now on calls are answered. @param clientFor calls the gateway's operations as that caller */
  serve(clientFor: (caller: Caller) => Client): void {
    this.#clientFor = clientFor;
  }

  /**
   * For those who start processes; undefined: Claude has none of the tools.
   * @param mayRunCommands Claude may run commands anyway, so that a schedule of them gives it nothing new
   */
  async load(mayRunCommands: boolean): Promise<OwnTools | undefined> {
    const { config, clock, logger } = this.#parts;
    if (config.CHAT_TOOLS.length === 0) return undefined;
    this.#mayRunCommands = mayRunCommands;
    const { contractTools, createMcpServer } = await import('@mini-claude-bot/mcp');
    const offer: Offer = {
      insideChat: true,
      bound: chatFields,
      offers: (operation) => this.#offers(operation),
    };
    const tools = contractTools(offer);
    const create = (marker: string) =>
      createMcpServer({
        version,
        instructions,
        tools,
        scope: { ...offer, speaker: () => this.#speaker(marker) },
        after: clock.after,
        callMs: config.MCB_MCP_TIMEOUT * 1000,
        claudeMs: config.MCB_GATEWAY_TIMEOUT * 1000,
        newKey: randomUUID,
        onFault: (error) => logger.error({ err: error }, 'a tool of a chat could not be called'),
      });
    return { name: serverName, create };
  }

  /** A process serves that chat from now on, until it ends. */
  assign(session: Pick<LiveSession, 'marker' | 'ended'>, user: ToolUser): void {
    const { marker } = session;
    this.#users.set(marker, user);
    void session.ended.then(() => this.#users.delete(marker));
  }

  #offers({ mcp }: Operation): boolean {
    return mcp?.chat !== undefined && this.#parts.config.CHAT_TOOLS.includes(mcp.chat);
  }

  #speaker(marker: string): Speaker {
    const user = this.#users.get(marker);
    if (user === undefined || this.#clientFor === undefined)
      throw new GatewayError('forbidden', 'It is not known yet which chat this is.');
    const { chat } = user;
    return {
      client: this.#clientFor(this.#callerFor(user)),
      bound: fieldsOf(chat),
    };
  }

  #callerFor({ chat, attended }: ToolUser): Caller {
    const trusted = attended || this.#parts.config.CHAT_TOOLS_UNATTENDED_COMMANDS === 'on';
    return {
      name: `chat:${chat.chatId}`,
      botId: chat.botId,
      mayRunCommands: this.#mayRunCommands && trusted,
    };
  }
}

const fieldsOf = (chat: ChatKey): Readonly<Record<ChatField, string>> => ({
  bot_id: chat.botId,
  chat_id: chat.chatId,
  session_id: chatSessionId(chat),
  notify_chat_id: chat.chatId,
});
