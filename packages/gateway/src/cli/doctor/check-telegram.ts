import { existsSync } from 'node:fs';
import { type BotId, defaultBotId } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import type { Config } from '../../config/config.ts';
import { realDatabasePath } from '../../db/hold-database.ts';
import { systemClock } from '../../host/clock.ts';
import { createLogger } from '../../host/logger.ts';
import { BotTokens } from '../../outbox/bot-tokens.ts';
import { keyFileOf } from '../../secrets/key-file.ts';
import { KnownSecrets } from '../../secrets/known-secrets.ts';
import { openSecretBox } from '../../secrets/open-secret-box.ts';
import type { CallFailure, Telegram } from '../../telegram/telegram.ts';
import { TelegramClient } from '../../telegram/telegram-client.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';

const withinMs = 10_000;

/** Whether Telegram knows the tokens that the gateway sends with. */
export async function checkTelegram(config: Config): Promise<Finding[]> {
  let tokens: Map<BotId, string>;
  try {
    tokens = knownTokens(config);
  } catch (error) {
    const fix =
      'Let the bots send their tokens again, or restore the key file that belongs to the database.';
    return [warning('telegram', `The bots' tokens can't be read: ${wordsOf(error)}`, fix)];
  }
  if (tokens.size === 0) {
    return [
      ok('telegram', 'No Telegram token is known yet: bots send theirs with background tasks.'),
    ];
  }
  const telegram = new TelegramClient(config.TELEGRAM_API_ROOT, systemClock);
  return Promise.all([...tokens].map(([bot, token]) => checkBot(bot, token, telegram)));
}

async function checkBot(bot: BotId, token: string, telegram: Telegram): Promise<Finding> {
  const id = `telegram:${bot}`;
  const result = await telegram.whoAmI(token, AbortSignal.timeout(withinMs));
  if (result.kind === 'ok') return ok(id, `Telegram knows the bot ${bot} as @${result.value}.`);
  return describe(id, bot, result);
}

function describe(id: string, bot: BotId, { kind, words }: CallFailure): Finding {
  if (kind !== 'token_refused') {
    const fix = 'Look at the network of this machine, and at TELEGRAM_API_ROOT.';
    return warning(id, `Telegram can't be asked about the bot ${bot}: ${words}`, fix);
  }
  const fix =
    bot === defaultBotId
      ? 'Correct TELEGRAM_BOT_TOKEN, or have the bot start a background task with its present token.'
      : 'Have the bot start a background task: it comes with its present token.';
  return problem(id, `Telegram refuses the token of the bot ${bot}: ${words}`, fix);
}

/** From the environment and from the database, which is only read. */
function knownTokens({ DATABASE_PATH, TELEGRAM_BOT_TOKEN }: Config): Map<BotId, string> {
  const path = realDatabasePath(DATABASE_PATH);
  const keyPath = keyFileOf(path);
  const alone = (): Map<BotId, string> =>
    new Map(TELEGRAM_BOT_TOKEN === undefined ? [] : [[defaultBotId, TELEGRAM_BOT_TOKEN]]);
  if (!existsSync(path) || !existsSync(keyPath)) return alone();
  const secrets = new KnownSecrets();
  const database = new Sqlite(path, { readonly: true, timeout: 1000 });
  try {
    const table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'bot_tokens'";
    if (database.prepare(table).get() === undefined) return alone();
    const tokens = new BotTokens({
      database,
      box: openSecretBox(path, secrets),
      now: Date.now,
      logger: createLogger('silent', secrets),
      defaultToken: TELEGRAM_BOT_TOKEN,
      onNew: () => {},
    });
    return new Map(tokens.bots().flatMap((bot) => pairOf(bot, tokens.of(bot))));
  } finally {
    database.close();
  }
}

const pairOf = (bot: BotId, token: string | undefined): [BotId, string][] =>
  token === undefined ? [] : [[bot, token]];
