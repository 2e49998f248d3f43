import { statSync } from 'node:fs';
import { Trouble } from '@mini-claude-bot/contract';
import { readLocalAccess } from '../../access/local-access.ts';
import { realDatabasePath } from '../../db/hold-database.ts';
import { databaseHolder } from '../doctor/check-database.ts';
import { gatewayPlace } from '../gateway-address.ts';
import type { Settings } from '../settings.ts';

const answerMs = 10_000;
const tries = 3;
const pauseMs = 5_000;
/** A large database is read from end to end before the gateway listens. */
const startMs = 5 * 60_000;

/** How the gateway is. `stuck`: to be started again. */
export interface Verdict {
  readonly state: 'well' | 'not running' | 'starting' | 'trouble' | 'stuck';
  readonly words: string;
}

/** What it is looked at with. */
export interface WatchParts {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Ask the gateway of a configuration how it is, several times where the answer is not good. Trouble that a new
 * start can't mend, such as a full disk, is none that it is stuck with.
 */
export async function watchGateway(settings: Settings, parts: WatchParts): Promise<Verdict> {
  const database = realDatabasePath(settings.config.DATABASE_PATH);
  const holder = database === ':memory:' ? 'unknown' : databaseHolder(database);
  if (holder === undefined)
    return { state: 'not running', words: `No gateway runs on ${database}.` };
  let verdict: Verdict = { state: 'stuck', words: '' };
  for (let n = 1; n <= tries; n += 1) {
    if (n > 1) await parts.pause(pauseMs);
    verdict = await ask(settings, parts);
    if (verdict.state !== 'stuck') return verdict;
  }
  const startedMs = statSync(`${database}.pid`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (parts.now() - startedMs < startMs)
    return { state: 'starting', words: `It has just been started. ${verdict.words}` };
  return verdict;
}

async function ask(settings: Settings, { fetch }: WatchParts): Promise<Verdict> {
  const { url, token } = whereItListens(settings);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const signal = AbortSignal.timeout(answerMs);
    const response = await fetch(`${url}/health`, { headers, signal });
    return verdictOf(response.status, await response.text());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      state: 'stuck',
      words: `${url} does not answer within ${answerMs / 1000} s (${why}).`,
    };
  }
}

function verdictOf(status: number, text: string): Verdict {
  // Who asks for a token answers.
  if (status === 200 || status === 401 || status === 403)
    return { state: 'well', words: 'The gateway is well.' };
  const trouble = Trouble.safeParse(jsonOf(text)).data;
  if (trouble === undefined) return { state: 'stuck', words: `It answers with status ${status}.` };
  const words = trouble.findings.map(({ found, fix }) => `${found} ${fix}`).join(' ');
  const helps = trouble.findings.some(({ restart_helps }) => restart_helps);
  return { state: helps ? 'stuck' : 'trouble', words };
}

/** Where it says that it listens; any free port may be its own. */
function whereItListens(settings: Settings): { url: string; token: string | undefined } {
  const local = readLocalAccess(realDatabasePath(settings.config.DATABASE_PATH));
  return local === undefined
    ? gatewayPlace(undefined, settings)
    : { url: local.url, token: local.key };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
