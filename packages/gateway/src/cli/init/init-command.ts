import { existsSync, readFileSync } from 'node:fs';
import { envLine, replaceFile } from '../../config/env-file.ts';
import type { Environment } from '../../config/read-environment.ts';
import { wordsOf } from '../../db/database.ts';
import { readPiped } from '../chat/read-piped.ts';
import { type ConfigSources, readSources } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { askValues, brokenOff } from './ask-values.ts';
import { faultOf, variableNamed } from './check-value.ts';
import { questions } from './questions.ts';

/** What `mini-claude-bot init` was asked. */
export interface InitOptions {
  /** `NAME=VALUE`; with `-` for the value, it comes from the input. */
  readonly set: readonly string[];
  /** Ask nothing. */
  readonly yes: boolean;
  readonly json: boolean;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Ask a newcomer what the gateway needs to know, and write it into `.env`. @returns exit code */
export async function initCommand(options: InitOptions, sources: ConfigSources): Promise<number> {
  const present = readSources(sources);
  const isSet = (name: string): boolean => Boolean(present[name]?.trim());
  const given = await givenValues(options.set, present, sources.envFile);
  const open = questions.filter(({ name }) => !isSet(name) && !given.has(name));
  const kept = questions.flatMap(({ name }) => (isSet(name) && !given.has(name) ? [name] : []));
  const asks = !options.yes && !options.json && process.stdin.isTTY === true;
  if (asks && open.length > 0)
    say('Enter takes what stands in brackets. All of it can be changed later, in .env.');
  const answers = asks
    ? await askValues(open, { input: process.stdin, output: process.stdout })
    : new Map<string, string>();
  if (answers === brokenOff) {
    say('\nNothing was written.');
    return 130;
  }
  const chosen = new Map([...given, ...answers]);
  write(sources.envFile, chosen);
  const written = [...chosen.keys()];
  if (options.json) say(JSON.stringify({ file: sources.envFile, written, kept }, undefined, 2));
  else say(summary(sources.envFile, written, kept));
  return 0;
}

/** What the command line says. All of it is looked at before anything is written. */
async function givenValues(
  set: readonly string[],
  present: Environment,
  file: string,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const text of set) {
    const [, name = '', written = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const variable = variableNamed(name);
    if (variable === undefined) {
      throw new UserFault(
        `--set ${JSON.stringify(text.split('=')[0])}: there is no such variable; .env.example has them all. ` +
          'It is written as NAME=VALUE.',
        2,
      );
    }
    if (variable.secret === true && written !== '-') {
      throw new UserFault(
        `--set ${name}: it is a secret, and others can see a command line. Give ${name}=- and the value as input.`,
        2,
      );
    }
    const nothing = `There is no value of ${name} in the input.`;
    const value =
      written === '-' ? (await readPiped(process.stdin, nothing)).trim() : written.trim();
    const fault = faultOf(name, variable, value);
    if (fault !== undefined) throw new UserFault(fault, 2);
    const there = present[name]?.trim();
    if (there === value) continue;
    if (there) {
      throw new UserFault(
        `${name} is set already, and stays as it is: change it in ${file}, or in the environment.`,
      );
    }
    values.set(name, value);
  }
  return values;
}

const heading =
  '# Made by "mini-claude-bot init". Every variable there is: docs/configuration.md, .env.example.\n';

/** What is there stays, to the letter. */
function write(file: string, chosen: ReadonlyMap<string, string>): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : heading;
  if (existsSync(file) && chosen.size === 0) return;
  const lines = [...chosen].map(([name, value]) => {
    const line = envLine(name, value);
    if (line === undefined)
      throw new UserFault(`${name}: its value can't be written into a .env file.`, 2);
    return `\n# ${variableNamed(name)?.say ?? ''}\n${line}\n`;
  });
  try {
    replaceFile(file, `${before}${before.endsWith('\n') ? '' : '\n'}${lines.join('')}`);
  } catch (error) {
    throw new UserFault(`${file} can't be written: ${wordsOf(error)}.`);
  }
}

const summary = (file: string, written: readonly string[], kept: readonly string[]): string =>
  [
    '',
    written.length > 0
      ? `Written into ${file}: ${written.join(', ')}.`
      : `${file} is as it is wanted.`,
    ...(kept.length > 0 ? [`Kept as it was: ${kept.join(', ')}.`] : []),
    '',
    'Next:',
    '  mini-claude-bot login     log Claude in, unless it is',
    '  mini-claude-bot doctor    is this machine ready?',
    '  mini-claude-bot start     run the gateway',
  ].join('\n');
