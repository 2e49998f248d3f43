import { rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createClient, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError, operations } from '@mini-claude-bot/contract';
import { realDatabasePath } from '../../db/hold-database.ts';
import { type GatewayPlace, gatewayPlace } from '../gateway-address.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { startBrowser } from './start-browser.ts';

/** What `open` was asked for. */
export interface OpenOptions {
  readonly url?: string | undefined;
  readonly print: boolean;
  readonly json: boolean;
}

/** The address of the page, and until when it signs in; null: it need not. */
interface Way {
  readonly url: string;
  /** Unix seconds. */
  readonly expiresAt: number | null;
}

/**
 * Open the page in a browser, signed in where that is needed.
 * @returns the exit code
 * @throws UserFault
 */
export async function openCommand(options: OpenOptions, sources: ConfigSources): Promise<number> {
  const settings = readSettings(sources);
  const place = gatewayPlace(options.url, settings);
  const way = await wayIn(place);
  if (options.json) {
    say(JSON.stringify({ url: way.url, expires_at: way.expiresAt }));
    return 0;
  }
  if (options.print) {
    say(way.url);
    if (way.expiresAt !== null)
      process.stderr.write('It signs in once, within 5 minutes. Whoever has it can.\n');
    return 0;
  }
  const { DATABASE_PATH } = settings.config;
  const address =
    way.expiresAt === null ? way.url : hidden(way.url, realDatabasePath(DATABASE_PATH));
  const fault = await startBrowser(address, sources.processEnvironment);
  if (fault !== undefined)
    throw new UserFault(`${fault} To open the page yourself: mini-claude-bot open --print`);
  say(`Opened ${new URL(way.url).origin} in your browser.`);
  return 0;
}

async function wayIn({ url, token }: GatewayPlace): Promise<Way> {
  try {
    const stranger = createClient({ baseUrl: url });
    const isLetIn = await stranger.call(operations.whoAmI, {}).then(
      () => true,
      (error: unknown) => {
        if (error instanceof GatewayError && error.code === 'unauthorized') return false;
        throw error;
      },
    );
    if (isLetIn) return { url: `${url}/`, expiresAt: null };
    const client = createClient({ baseUrl: url, token });
    const { path, expires_at } = await client.call(operations.makeSignInLink, {});
    return { url: url + path, expiresAt: expires_at };
  } catch (error) {
    if (error instanceof UnreachableError)
      throw new UserFault(`No gateway answers at ${url}. Start it with: mini-claude-bot start`);
    if (error instanceof GatewayError) throw new UserFault(error.message);
    throw error;
  }
}

/**
 * A file that leads there. Other users of the machine see what programs are started with, so the link itself can't be
 * handed to one; the file is for its owner alone, and what it holds counts once.
 * @returns its address
 * @throws UserFault
 */
function hidden(url: string, databasePath: string): string {
  if (databasePath === ':memory:')
    throw new UserFault(
      'DATABASE_PATH is :memory:, so there is no place for the link. Use --print.',
    );
  const file = `${databasePath}.open.html`;
  // Made anew: a file that is there already could be somebody's link, or one that others may read.
  try {
    rmSync(file, { force: true });
    writeFileSync(file, leadingTo(url), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : error;
    throw new UserFault(`There is no place for the link at ${file} (${why}). Use --print.`);
  }
  return pathToFileURL(file).href;
}

const leadingTo = (url: string): string => `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url.replace(/[&"<>]/g, (found) => `&#${found.charCodeAt(0)};`)}">
<title>mini-claude-bot</title>
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
