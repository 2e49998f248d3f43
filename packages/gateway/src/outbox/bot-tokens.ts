import { type BotId, defaultBotId, GatewayError } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** The number of the bot, and its secret. Anything else would be another address on Telegram's server. */
const form = /^\d{1,20}:[\w-]{1,200}$/;

/** What keeps tokens. */
export interface BotTokensParts {
  readonly database: Database;
  readonly box: SecretBox;
  readonly now: () => number;
  readonly logger: Logger;
  /** The token of the bot `default` until that bot has sent one. */
  readonly defaultToken: string | undefined;
  /** A bot has a token that it did not have before. Called in the transaction that stores it. */
  readonly onNew: (botId: BotId) => void;
}

/** The bots' Telegram tokens, sealed. */
export class BotTokens {
  readonly #parts: BotTokensParts;
  readonly #select;
  readonly #all;
  readonly #store;

  constructor(parts: BotTokensParts) {
    const { database } = parts;
    this.#parts = parts;
    this.#select = database
      .prepare<[BotId], string>('SELECT sealed FROM bot_tokens WHERE bot_id = ?')
      .pluck();
    this.#all = database
      .prepare<[], BotId>('SELECT bot_id FROM bot_tokens ORDER BY bot_id')
      .pluck();
    this.#store = database.prepare<[{ botId: BotId; sealed: string; at: number }]>(`
      INSERT INTO bot_tokens VALUES (:botId, :sealed, :at)
      ON CONFLICT (bot_id) DO UPDATE SET sealed = excluded.sealed, updated_at_ms = excluded.updated_at_ms`);
  }

  /**
   * Keep a bot's token; the latest counts. Nothing happens for an empty one, or one that can't be a token:
   * the one that works would be lost.
   * @throws SQLite's error when it can't be written
   */
  remember(botId: BotId, token: string): void {
    const { database, box, now, logger, onNew } = this.#parts;
    const trimmed = token.trim();
    if (trimmed === '' || this.of(botId) === trimmed) return;
    if (!form.test(trimmed)) {
      logger.warn({ bot_id: botId }, 'what came as a bot token is none, and is not kept');
      return;
    }
    database.transaction(() => {
      this.#store.run({ botId, sealed: box.seal(trimmed, purposeOf(botId)), at: now() });
      onNew(botId);
    })();
  }

  /** The bot's present token. */
  of(botId: BotId): string | undefined {
    const stored = this.#open(botId);
    if (stored !== undefined) return stored;
    const { defaultToken } = this.#parts;
    return botId === defaultBotId && form.test(defaultToken ?? '') ? defaultToken : undefined;
  }

  /** Bots that have a token. */
  bots(): BotId[] {
    return [...new Set([...this.#all.all(), defaultBotId])].filter(
      (id) => this.of(id) !== undefined,
    );
  }

  #open(botId: BotId): string | undefined {
    const sealed = this.#select.get(botId);
    if (sealed === undefined) return undefined;
    try {
      return this.#parts.box.open(sealed, purposeOf(botId));
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === 'secret_unreadable')) throw error;
      // The key file was replaced. It is as if there were none: the bot sends it again with its next task.
      this.#parts.logger.warn(
        { bot_id: botId },
        "a bot's token can't be opened with this key file",
      );
      return undefined;
    }
  }
}

const purposeOf = (botId: BotId): string => `telegram-token:${botId}`;
