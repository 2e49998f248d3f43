import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { ClaudeError, claudeEnvironment, findClaude } from '@mini-claude-bot/claude';
import { splitAddress } from '@mini-claude-bot/client';
import { secretNames } from '../../config/variables.ts';
import { gatewayPlace } from '../gateway-address.ts';
import { isWanted } from '../is-wanted.ts';
import { type ConfigSources, readSettings, type Settings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { defaultBot } from './mcp-command.ts';
import {
  addWords,
  type Entry,
  type InstallScope,
  removeWords,
  scopes,
  shellLine,
} from './plan-install.ts';

/** As given on the command line. */
export interface InstallOptions {
  readonly name: string;
  readonly scope: string;
  readonly bot?: string | undefined;
  readonly url?: string | undefined;
  /** Take an entry of that name out first. */
  readonly replace: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  /** Print one object, and ask nothing. */
  readonly json: boolean;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Write the server into Claude Code's configuration, once its user has seen and wants it. @returns exit code */
export async function installCommand(
  options: InstallOptions,
  sources: ConfigSources,
): Promise<number> {
  const settings = readSettings(sources);
  const entry = entryOf(options, settings);
  const steps = [...(options.replace ? [removeWords(entry)] : []), addWords(entry)];
  if (!options.json) {
    show(steps);
    if (hasToken(options, settings))
      say(
        'The token is not written: set MCB_TOKEN in the environment of Claude Code, which hands it on.',
      );
    say(
      `To undo it: mini-claude-bot mcp uninstall --scope ${entry.scope} --name ${shellLine([entry.name])}`,
    );
  }
  if (!(await isToBeDone(steps, options))) return 1;
  if (options.replace) await runClaude(removeWords(entry), settings);
  const { code, words } = await runClaude(addWords(entry), settings);
  if (code === 0) return done(steps, words, options);
  const again = words.includes('already exists') ? '\nTo write it anew, add --replace.' : '';
  throw new UserFault(`Claude Code did not take it: ${words}${again}`);
}

/** Take the entry out again. @returns exit code */
export async function uninstallCommand(
  options: Pick<InstallOptions, 'name' | 'scope' | 'yes' | 'json'>,
  sources: ConfigSources,
): Promise<number> {
  const settings = readSettings(sources);
  const step = removeWords({ name: options.name, scope: scopeOf(options.scope) });
  if (!options.json) show([step]);
  if (!(await isToBeDone([step], options))) return 1;
  const { code, words } = await runClaude(step, settings);
  if (code !== 0) throw new UserFault(`Claude Code did not do it: ${words}`);
  return done([step], words, options);
}

type Steps = readonly (readonly string[])[];

/** For programs, what would be run is told in place of a question. */
async function isToBeDone(
  steps: Steps,
  { yes, json }: Pick<InstallOptions, 'yes' | 'json'>,
): Promise<boolean> {
  if (!json) return isWanted(yes);
  if (!yes) say(JSON.stringify({ done: false, run: commandsOf(steps) }, undefined, 2));
  return yes;
}

function done(steps: Steps, words: string, { json }: Pick<InstallOptions, 'json'>): number {
  say(
    json
      ? JSON.stringify({ done: true, run: commandsOf(steps), said: words }, undefined, 2)
      : words,
  );
  return 0;
}

const commandsOf = (steps: Steps): string[][] => steps.map((words) => ['claude', ...words]);

function entryOf({ name, scope, bot, url }: InstallOptions, settings: Settings): Entry {
  const { environment } = settings;
  const place = gatewayPlace(url, settings);
  const botId = defaultBot(bot ?? environment.MCB_BOT_ID);
  return {
    name: checkName(name),
    scope: scopeOf(scope),
    command: [process.execPath, program(), 'mcp'],
    environment: {
      MCB_API_BASE: `${place.url}/api`,
      ...(botId === undefined ? {} : { MCB_BOT_ID: botId }),
      // Beside it lies the key that lets its owner in.
      ...(environment.DATABASE_PATH?.trim()
        ? { DATABASE_PATH: settings.config.DATABASE_PATH }
        : {}),
    },
  };
}

function hasToken({ url }: InstallOptions, { config, environment }: Settings): boolean {
  const { token } = splitAddress(url ?? environment.MCB_API_BASE ?? '');
  return token !== undefined || config.MCB_TOKEN !== undefined;
}

/** This program, wherever it is called from. */
function program(): string {
  const [, script] = process.argv;
  if (script === undefined) throw new UserFault('It is not known where this program lies.');
  return realpathSync(script);
}

function scopeOf(written: string): InstallScope {
  const scope = scopes.find((known) => known === written);
  if (scope !== undefined) return scope;
  throw new UserFault(`--scope: ${JSON.stringify(written)} is not one of ${scopes.join(', ')}.`, 2);
}

function checkName(name: string): string {
  if (/^[\w-]{1,64}$/.test(name)) return name;
  throw new UserFault('--name must have 1 to 64 letters, digits, "-" or "_".', 2);
}

function show(steps: Steps): void {
  say(
    `This is run:\n${commandsOf(steps)
      .map((words) => `  ${shellLine(words)}`)
      .join('\n')}`,
  );
}

async function runClaude(
  words: readonly string[],
  { config, environment }: Settings,
): Promise<{ code: number | null; words: string }> {
  const executable = await findClaude(config.CLAUDE_BIN).catch((error: unknown) => {
    throw error instanceof ClaudeError ? new UserFault(error.message) : error;
  });
  const env = claudeEnvironment(environment, secretNames);
  const child = spawn(executable, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new UserFault(`${executable} could not be run: ${error.message}`)),
    );
    child.once('close', resolve);
  });
  return { code, words: said.trim() };
}
