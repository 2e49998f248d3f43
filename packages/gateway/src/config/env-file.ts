import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** A variable as a line of a `.env` file; undefined: that form has no way to write it. */
export function envLine(name: string, value: string): string | undefined {
  const bare = /^[\w@%+=:,./~-]+$/.test(value) ? [value] : [];
  const ways = [...bare, `'${value}'`, `"${value}"`, `\`${value}\``];
  const way = ways.find((written) => parseEnv(`${name}=${written}\nX=1\n`)[name] === value);
  return way === undefined || value.includes('\n') ? undefined : `${name}=${way}`;
}

/** It is whole at every moment. Where the name is a link, the file that it leads to is replaced. */
export function replaceFile(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx' });
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
