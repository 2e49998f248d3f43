import { GatewayError, operations, type Token, TokenName } from '@mini-claude-bot/contract';
import type { z } from 'zod';
import { readPiped } from '../chat/read-piped.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { durationSeconds } from './duration.ts';
import { type TokenKeeper, withTokens } from './token-keeper.ts';
import { tokenTable } from './token-table.ts';

/** As given on the command line. */
export interface CreateOptions {
  readonly name: string;
  readonly bot?: string | undefined;
  /** Such as `30d`. */
  readonly expires?: string | undefined;
  /** Take the token from the input: on the command line others could see it. */
  readonly stdin: boolean;
  readonly json: boolean;
}

const noToken = 'There is no token in the input. For instance: openssl rand -hex 32 | …';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const remark = (text: string): void => void process.stderr.write(`${text}\n`);

/** Make a token, and show it: alone on stdout, so that it can be piped on. @returns exit code */
export async function createCommand(
  options: CreateOptions,
  sources: ConfigSources,
): Promise<number> {
  const expires = options.expires === undefined ? undefined : durationSeconds(options.expires);
  const input = parsed(operations.createToken.input, {
    name: options.name,
    bot_id: options.bot,
    expires_in: expires,
    token: options.stdin ? (await readPiped(process.stdin, noToken)).trim() : undefined,
  });
  const made = await using(sources, (keeper) => keeper.create(input));
  if (options.json) print(JSON.stringify(made));
  else if (options.stdin) remark(`${made.name} may call now${whatFor(made)}.`);
  else {
    remark(`Token ${made.name}${whatFor(made)}. It is shown this once, and kept nowhere:`);
    print(made.token);
  }
  return 0;
}

/** @returns exit code */
export async function listCommand(json: boolean, sources: ConfigSources): Promise<number> {
  const tokens = await using(sources, (keeper) => keeper.list());
  if (json) print(JSON.stringify(tokens));
  else if (tokens.length === 0)
    remark('There is no token. Make one with: mini-claude-bot token create NAME');
  else print(tokenTable(tokens));
  return 0;
}

/** @returns exit code */
export async function revokeCommand(
  name: string,
  json: boolean,
  sources: ConfigSources,
): Promise<number> {
  const known = parsed(TokenName, name);
  const revoked = await using(sources, (keeper) => keeper.revoke(known));
  if (json) print(JSON.stringify(revoked));
  else remark(`${revoked.name} is revoked: what was open with it is closed.`);
  return 0;
}

async function using<T>(
  sources: ConfigSources,
  act: (keeper: TokenKeeper) => Promise<T>,
): Promise<T> {
  try {
    return await withTokens(readSettings(sources).config.DATABASE_PATH, act);
  } catch (error) {
    throw error instanceof GatewayError ? new UserFault(error.message) : error;
  }
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'name'} ${message}`,
  );
  throw new UserFault(faults.join('\n'), 2);
}

const whatFor = ({ bot_id, expires_at }: Token): string =>
  `${bot_id === null ? ' for all bots, as their owner' : ` for the bot ${bot_id} alone`}` +
  `${expires_at === null ? '' : `, until ${new Date(expires_at * 1000).toISOString()}`}`;
