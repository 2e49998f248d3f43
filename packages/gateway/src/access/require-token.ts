import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Config, ConfigError } from '../config/config.ts';
import { listensToOthers } from '../host/loopback.ts';

const howTo = 'Make one first: npx mini-claude-bot token create NAME';

/**
 * Where not everybody who can reach the gateway may use it, somebody must have a token.
 * @throws ConfigError that says what to write
 */
export function requireToken(config: Config, now: number): void {
  const fault = accessFault(config, now);
  if (fault !== undefined) throw new ConfigError(fault);
}

/** Why a gateway of this configuration may not start; undefined: it may. Nothing is written. */
export function accessFault(
  { HOST, MCB_AUTH, DATABASE_PATH }: Config,
  now: number,
): string | undefined {
  const open = listensToOthers(HOST);
  if ((!open && MCB_AUTH === 'loopback') || hasToken(DATABASE_PATH, now)) return undefined;
  if (!open) return `MCB_AUTH: "token" lets nobody in, because there is no token yet. ${howTo}`;
  return (
    `HOST: ${JSON.stringify(HOST)} would let others reach the gateway, and there is no token yet. ${howTo} ` +
    '- or let it be an address of this machine itself, such as 127.0.0.1, ::1 or localhost.'
  );
}

/** Whether a database, if there is one, has a token that counts. It is only read. */
function hasToken(path: string, now: number): boolean {
  if (path === ':memory:' || !existsSync(path)) return false;
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(path, { readonly: true });
    const found = database.prepare(
      'SELECT 1 FROM access_tokens WHERE revoked_at_ms IS NULL AND (expires_at_ms IS NULL OR expires_at_ms > ?)',
    );
    return found.get(now) !== undefined;
  } catch {
    // There is no such table yet; or the file can't be used, which those who open it tell better.
    return false;
  } finally {
    database?.close();
  }
}
