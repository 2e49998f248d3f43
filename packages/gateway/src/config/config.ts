import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import type { Environment } from './read-environment.ts';
import type { Variable } from './variable-kinds.ts';
import { type VariableName, type Variables, variables } from './variables.ts';

type Value<V extends Variable> = V extends { default: string }
  ? z.output<V['parse']>
  : z.output<V['parse']> | undefined;

/** Every variable's value by name, frozen; undefined where it is unset and has no default. */
export type Config = { readonly [N in VariableName]: Value<Variables[N]> };

type Reading = { readonly value: unknown } | { readonly fault: string };

function readVariable(name: string, entry: Variable, environment: Environment): Reading {
  // `NAME=` in a file is the usual way to leave a variable unset.
  const written = environment[name]?.trim() || entry.default;
  if (written === undefined) return { value: undefined };
  const parsed = entry.parse.safeParse(written);
  if (parsed.success) return { value: parsed.data };
  // An address may carry a password: its own form of a secret.
  const shown =
    entry.secret === true || (written.includes('@') && written.includes('://'))
      ? 'its value'
      : JSON.stringify(written);
  return { fault: `${name}: ${shown} is not valid; it must be ${entry.form}.` };
}

/**
 * Parse an environment.
 * @throws ConfigError naming every bad value
 */
export function loadConfig(environment: Environment): Config {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, entry] of Object.entries<Variable>(variables)) {
    const reading = readVariable(name, entry, environment);
    if ('fault' in reading) faults.push(reading.fault);
    else values[name] = reading.value;
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  // Each value was parsed by the schema of its own name just above.
  return Object.freeze(values) as Config;
}

export { ConfigError } from './config-error.ts';
