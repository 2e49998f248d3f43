import type { Environment } from '../config/read-environment.ts';
import { variables } from '../config/variables.ts';
import { withheldNames } from '../secrets/secrets-of-environment.ts';

/** The variables of ours that are set, without those that are secrets or hold one, as a `.env` file has them. */
export function configLines(environment: Environment): string {
  const withheld = new Set(withheldNames(environment));
  const names = [...Object.keys(variables), 'CLAUDE_CONFIG_DIR'];
  const lines = names.flatMap((name) => {
    const value = environment[name]?.trim();
    return value && !withheld.has(name) ? [`${name}=${quoted(value)}`] : [];
  });
  const secrets = names.filter((name) => environment[name]?.trim() && withheld.has(name));
  const missing = secrets.map((name) => `# ${name} is a secret: set it again.`);
  return [...lines, ...missing, ''].join('\n');
}

/** As `node:util` parses it again. */
function quoted(value: string): string {
  if (/^[\w@%+=:,./~*-]+$/.test(value)) return value;
  const mark = ["'", '"', '`'].find((quote) => !value.includes(quote));
  return mark === undefined ? value : `${mark}${value}${mark}`;
}
