import { randomBytes } from 'node:crypto';
import { GatewayError, type SignIn } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Caller } from '../http/caller.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { SignInRow, SignInsRepo } from './sign-ins-repo.ts';
import { tokenDigest } from './token-text.ts';

const day = 24 * 3600 * 1000;
/** How long a browser stays signed in, in milliseconds. */
export const signInMs = 30 * day;
/** Of one token, and of all links together. Over that, the oldest are ended. */
const most = 50;
/** The longest that a timer is set for. */
const longestWaitMs = 3_600_000;

/** As the audit names a browser that came with a link of this machine: no token has a colon. */
const byLink = 'page:owner';

/** What sign-ins are made from. */
export interface SignInsParts {
  readonly database: Database;
  readonly repo: SignInsRepo;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  /** What is open with that one is to be closed. */
  readonly onEnd: (id: number) => void;
}

/** A browser that was signed in just now. */
export interface NewlySignedIn {
  /** For the cookie; kept nowhere. */
  readonly secret: string;
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/**
 * Browsers that are signed in: each has a secret of its own in a cookie, so that the token itself is in none, and one
 * can be ended without the others. It is worth what the token is worth that it came with, and no longer.
 */
export class SignIns {
  readonly #parts: SignInsParts;
  #cancelTimer = (): void => {};

  constructor(parts: SignInsParts) {
    this.#parts = parts;
    this.#endExpired();
  }

  /**
   * @param tokenId undefined: as the owner, by a link of this machine
   * @param alongside writes what must be there together with it
   */
  begin(
    tokenId: number | undefined,
    alongside: (id: number, caller: Caller) => void,
  ): NewlySignedIn {
    const { database, repo, clock } = this.#parts;
    const secret = randomBytes(32).toString('base64url');
    const createdAtMs = clock.now();
    const expiresAtMs = createdAtMs + signInMs;
    const digest = tokenDigest(secret);
    const caller = database
      .transaction(() => {
        const row = repo.insert({ digest, tokenId: tokenId ?? null, createdAtMs, expiresAtMs });
        const found = this.#callerOf(row);
        if (found === undefined)
          throw new Error('a browser was signed in with a token that is none');
        alongside(row.id, found);
        return found;
      })
      .immediate();
    this.#endSurplus(tokenId ?? null);
    this.#endExpired();
    return { secret, caller, expiresAtMs };
  }

  /** Who has that cookie; undefined: nobody any more. */
  match(secret: string): Caller | undefined {
    const row = this.#parts.repo.find(tokenDigest(secret));
    return row === undefined ? undefined : this.#callerOf(row);
  }

  /** Those that count, newest first. */
  list(): SignIn[] {
    return this.#parts.repo.list().flatMap((row) => {
      const caller = this.#callerOf(row);
      return caller === undefined ? [] : [describe(row, caller)];
    });
  }

  /** @throws GatewayError `not_found` */
  find(id: number): SignIn {
    const found = this.list().find((one) => one.id === id);
    if (found === undefined)
      throw new GatewayError('not_found', 'There is no sign-in with this id.');
    return found;
  }

  /** It counts no more. @returns how to close what is open with it */
  end(id: number): () => void {
    this.#parts.repo.delete(id);
    return () => this.#parts.onEnd(id);
  }

  /** A token counts no more, and nor do those that came with it. */
  endOfToken(tokenId: number): void {
    for (const row of this.#parts.repo.list()) if (row.token_id === tokenId) this.end(row.id)();
  }

  close(): void {
    this.#cancelTimer();
  }

  #callerOf({ id, token_id, expires_at_ms }: SignInRow): Caller | undefined {
    const { tokens, clock } = this.#parts;
    if (expires_at_ms <= clock.now()) return undefined;
    if (token_id === null) return { name: byLink, botId: undefined, signInId: id };
    const token = tokens.find(token_id);
    if (token === undefined) return undefined;
    return {
      name: token.name,
      botId: token.bot_id ?? undefined,
      tokenId: token.id,
      signInId: id,
    };
  }

  #endSurplus(tokenId: number | null): void {
    const same = this.#parts.repo.list().filter(({ token_id }) => token_id === tokenId);
    for (const { id } of same.slice(most)) this.end(id)();
  }

  #endExpired(): void {
    this.#cancelTimer();
    const { repo, clock } = this.#parts;
    const now = clock.now();
    const rows = repo.list();
    for (const row of rows) if (row.expires_at_ms <= now) this.end(row.id)();
    const next = Math.min(...rows.map((row) => row.expires_at_ms).filter((at) => at > now));
    if (next === Infinity) return;
    this.#cancelTimer = clock.after(Math.min(next - now, longestWaitMs), () => this.#endExpired());
  }
}

const describe = (row: SignInRow, { name, botId }: Caller): SignIn => ({
  id: row.id,
  name,
  bot_id: botId ?? null,
  created_at: row.created_at_ms / 1000,
  expires_at: row.expires_at_ms / 1000,
});
