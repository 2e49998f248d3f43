import type { Variable } from '../../config/variable-kinds.ts';
import { variables } from '../../config/variables.ts';

const known: Readonly<Record<string, Variable>> = variables;

/** A variable by its name; undefined: there is none. */
export const variableNamed = (name: string): Variable | undefined =>
  Object.hasOwn(known, name) ? known[name] : undefined;

/** What is wrong with a value; undefined: nothing. A secret is not repeated. */
export function faultOf(name: string, variable: Variable, value: string): string | undefined {
  if (variable.parse.safeParse(value).success) return undefined;
  const shown = variable.secret === true ? 'its value' : JSON.stringify(value);
  return `${name}: ${shown} is not valid; it must be ${variable.form}.`;
}
