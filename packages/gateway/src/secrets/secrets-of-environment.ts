import type { Environment } from '../config/read-environment.ts';
import { secretNames, variables } from '../config/variables.ts';

/** Of the bot, of the mail and of this program: none of them is any business of Claude's. */
const ourNames =
  /^(MCB|GATEWAY|BOT|TELEGRAM|SMTP|MAIL|METRICS|DASHBOARD|REPORT)_(\w+_)?(TOKEN|SECRET|PASS|PASSWORD|KEY)$/;

/** Named like a secret. Claude may need it, such as its own API key; no log does. */
const secretName = /(KEY|TOKEN|SECRET|PASSWORD)$/i;
const shortestGuess = 16;
/** A shorter value is found in others by chance. */
const shortestKnown = 8;

const isOurs = (name: string): boolean => secretNames.includes(name) || ourNames.test(name);

/** The values that must not be read in a log, an error or an answer: the gateway's own, and Claude's. */
export function secretsOf(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value = '']) => {
    const named = isOurs(name) || (secretName.test(name) && value.length >= shortestGuess);
    return named ? [value, ...passwordsIn(value)] : passwordsIn(value);
  });
}

/**
 * Names of the variables that Claude does not get: the gateway's own secrets, and whatever repeats one of
 * them, such as an address with a token in it.
 */
export function withheldNames(environment: Environment): string[] {
  const own = Object.entries(environment).filter(([name, value = '']) =>
    // An address of ours with a password in it, however short that is.
    Object.hasOwn(variables, name) ? isOurs(name) || hasPassword(value) : isOurs(name),
  );
  const values = own
    .flatMap(([name, value = '']) => [
      ...(isOurs(name) ? [value.trim()] : []),
      ...passwordsIn(value),
    ])
    .filter((value) => value.length >= shortestKnown);
  const repeats = Object.entries(environment).filter(([, value = '']) =>
    values.some((secret) => value.includes(secret)),
  );
  const names = [...own, ...repeats].map(([name]) => name);
  return [...new Set([...secretNames, ...names])];
}

const hasPassword = (value: string): boolean => passwordsIn(value).length > 0;

/** The password of an address, as it is written and as it is meant. */
function passwordsIn(value: string): string[] {
  const written = /^\s*[a-z][a-z\d+.-]*:\/\/[^\s/?#]*?:([^\s/?#]+)@/i.exec(value)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
