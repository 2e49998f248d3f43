import type { Setting } from '@mini-claude-bot/contract';
import type { Environment } from '../config/read-environment.ts';
import type { Variable } from '../config/variable-kinds.ts';
import { variables } from '../config/variables.ts';

/** Where the settings of this run come from. */
export interface SettingSources {
  /** All that it goes by: the file's, and the process's over them. */
  readonly environment: Environment;
  /** The process's own. */
  readonly ofProcess: Environment;
}

/** Every variable with what is in force. Of what is a secret, or may have one in it, only whether it is set. */
export const settingsInForce = ({ environment, ofProcess }: SettingSources): Setting[] =>
  Object.entries<Variable>(variables).map(([name, variable]) => {
    const written = environment[name]?.trim() || undefined;
    const value = written ?? variable.default;
    return {
      name,
      value: value === undefined || mayBeSecret(variable, value) ? null : value,
      source: sourceOf(written, ofProcess[name]?.trim() || undefined),
      secret: variable.secret === true,
      set: value !== undefined,
      description: variable.say,
    };
  });

function sourceOf(written: string | undefined, ofProcess: string | undefined): Setting['source'] {
  if (written === undefined) return 'default';
  return ofProcess === undefined ? 'file' : 'environment';
}

/** An address may carry a password. */
const mayBeSecret = ({ secret }: Variable, value: string): boolean =>
  secret === true || (value.includes('@') && value.includes('://'));
