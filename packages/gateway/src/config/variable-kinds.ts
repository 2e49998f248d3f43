import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** One variable that the program reads. `say` and `form` are for people, in files and messages. */
export interface Variable<T = unknown> {
  readonly parse: z.ZodType<T>;
  /** What it is for. */
  readonly say: string;
  /** What it may be. */
  readonly form: string;
  /** As it would be written in a `.env` file; none: unset. */
  readonly default?: string;
  /** Never shown, and never handed to Claude. */
  readonly secret?: true;
}

export const wholeNumber = (min: number, max: number, say: string) => ({
  parse: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max)),
  form: `a whole number from ${min} to ${max}`,
  say,
});

export const oneYear = 365 * 24 * 3600;
export const seconds = (say: string) => wholeNumber(1, oneYear, `${say}, in seconds.`);

export const expandHome = (path: string): string =>
  resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path);

export const path = (say: string) => ({
  parse: z
    .string()
    .refine((text) => !text.includes('\0'))
    .transform(expandHome),
  form: 'a path',
  say,
});

export const text = (say: string) => ({ parse: z.string(), form: 'a text', say });

export const url = (say: string) => ({
  parse: z.url({ protocol: /^https?$/ }),
  form: 'an address that begins with http:// or https://',
  say,
});

export const paths = (say: string) => ({
  parse: z
    .string()
    .refine((text) => !text.includes('\0'))
    .transform((value) => (value === 'none' ? [] : splitList(value).map(expandHome))),
  form: 'none, or a comma-separated list of paths',
  say,
});

export const choice = <const C extends readonly [string, ...string[]]>(
  choices: C,
  say: string,
) => ({
  parse: z.enum(choices),
  form: `one of ${choices.join(', ')}`,
  say,
});

export const splitList = (value: string): string[] => value.split(',').map((part) => part.trim());

export const listOf = <const C extends readonly [string, ...string[]]>(
  choices: C,
  say: string,
) => ({
  parse: z
    .string()
    .transform((value) => (value === 'none' ? [] : splitList(value)))
    .pipe(z.array(z.enum(choices))),
  form: `none, or a comma-separated list of ${choices.join(', ')}`,
  say,
});

/** Host names in lower case, with a port where one was given. */
export const hosts = (say: string) => ({
  parse: z
    .string()
    .transform((value) => splitList(value.toLowerCase()))
    .pipe(
      z.array(
        z.string().regex(/^(\[[\da-f:.]+\]|[\da-f:]*::[\da-f:.]*|[^\s:[\]@/\\]+)(:\d{1,5})?$/),
      ),
    ),
  form: 'a host name, with or without a port, or several with commas between',
  say,
});

export const origins = (say: string) => ({
  parse: z
    .string()
    .transform((value) => splitList(value.toLowerCase()))
    .pipe(z.array(z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).origin === text))),
  form: 'an origin such as https://example.org (no path, no slash at the end), or several with commas between',
  say,
});

export const timeZone = (say: string) => ({
  parse: z.string().refine(isTimeZone),
  form: 'a time zone such as Europe/Berlin',
  say,
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const mailAddresses = (say: string) => ({
  parse: z.string().transform(splitList).pipe(z.array(z.email())),
  form: 'an e-mail address, or several with commas between',
  say,
});
