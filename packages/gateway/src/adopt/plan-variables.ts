import { isAbsolute } from 'node:path';
import { envLine } from '../config/env-file.ts';
import type { Environment } from '../config/read-environment.ts';
import { expandHome, type Variable } from '../config/variable-kinds.ts';
import { variables } from '../config/variables.ts';
import { from } from './find-install.ts';

/** What becomes of one variable of the old install. Its value is never part of what is told. */
export type PlannedVariable = { readonly name: string } & (
  | {
      readonly kind: 'taken' /** As it is written in the file. */;
      readonly line: string;
      readonly was?: string;
    }
  /** The configuration here says the same already. */
  | { readonly kind: 'same' }
  /** The configuration here says something else, which stays. */
  | { readonly kind: 'kept' }
  /** It means nothing here; what the old install's jobs do with it is not known. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'left'; readonly why: string }
);

/** Names that the old system had for something that has another here. */
const otherNames: Readonly<Record<string, string>> = {
  GATEWAY_SESSION_IDLE_TIMEOUT: 'GATEWAY_SESSION_TIMEOUT',
};

/** Paths of the old install's own, which stay its own. */
const ownPlaces: Readonly<Record<string, string>> = {
  DATABASE_PATH: 'the new database has a place of its own',
  METRICS_CACHE_PATH: 'it is only a cache, and is made anew',
};

/** What Claude Code, or the connections of any program, go by: it is handed on to Claude as it is. */
const ofClaude =
  /^(ANTHROPIC_[A-Z0-9_]+|CLAUDE_CODE_[A-Z0-9_]+|CLAUDE_CONFIG_DIR|(HTTP|HTTPS|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS)$/i;

const known: Readonly<Record<string, Variable>> = variables;
/** Those whose values are paths, which may be written from where the old install is. */
const isPath = (name: string): boolean => known[name]?.form === 'a path';

/**
 * Map the variables of an old install to those of this program.
 * @param root of the old install, which its relative paths go out from
 * @param present the configuration here
 */
export function planVariables(
  old: Environment,
  root: string,
  present: Environment,
): PlannedVariable[] {
  const written = new Set(Object.keys(old));
  return Object.entries(old)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, value]) => {
      const trimmed = value?.trim();
      if (!trimmed) return [];
      const ours = otherNames[name];
      // Where both are set, the old system went by the other name.
      const covered = Object.entries(otherNames).some(
        ([other, here]) => here === name && written.has(other) && old[other]?.trim(),
      );
      if (covered) return [{ name, kind: 'left', why: 'another name of it was in force' } as const];
      return [plan(name, ours ?? name, trimmed, root, present)];
    });
}

function plan(
  was: string,
  name: string,
  value: string,
  root: string,
  present: Environment,
): PlannedVariable {
  const own = ownPlaces[name];
  if (own !== undefined) return { name, kind: 'left', why: own };
  const variable = known[name];
  if (variable === undefined && !ofClaude.test(name)) return { name, kind: 'unknown' };
  const here = isPath(name) ? absolute(value, root) : value;
  const there = present[name]?.trim();
  if (there) return { name, kind: isSame(name, there, here) ? 'same' : 'kept' };
  if (variable !== undefined && !variable.parse.safeParse(here).success) {
    return { name, kind: 'left', why: `its value is not valid here: it must be ${variable.form}` };
  }
  const line = envLine(name, here);
  if (line === undefined) {
    return {
      name,
      kind: 'left',
      why: 'its value can not be written into a .env file; set it by hand',
    };
  }
  return { name, kind: 'taken', line, ...(was === name ? {} : { was }) };
}

/** Where an absolute path or one in the home stands, it stays as it is written. */
const absolute = (value: string, root: string): string =>
  value.startsWith('~') || isAbsolute(value) ? value : from(root, value);

const isSame = (name: string, one: string, other: string): boolean =>
  one === other || (isPath(name) && expandHome(one) === expandHome(other));
