import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  GatewayError,
  type OutputOf,
  type operations,
  type ParsedInputOf,
  type Token,
} from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import { newTokenText, tokenDigest, tokenFault } from './token-text.ts';
import type { TokenRow, TokensRepo } from './tokens-repo.ts';

/** The longest that a timer is set for; the next one is then set anew. */
const longestWaitMs = 3_600_000;

/**
 * Tokens: made, listed, revoked, and recognised. They are kept in memory besides: this process holds the
 * database, so every change comes through here.
 */
export class AccessTokens {
  readonly #repo: TokensRepo;
  readonly #clock: Clock;
  readonly #onEnd: (tokenId: number) => void;
  /** Those that were not revoked, by {@link #place}. */
  readonly #kept: Map<string, TokenRow>;
  readonly #secret = randomBytes(32);
  #cancelTimer = (): void => {};

  /** @param onEnd called with a token's id when it is revoked, or expires */
  constructor(repo: TokensRepo, clock: Clock, onEnd: (tokenId: number) => void = () => {}) {
    this.#repo = repo;
    this.#clock = clock;
    this.#onEnd = onEnd;
    const kept = repo.list().filter(({ revoked_at_ms }) => revoked_at_ms === null);
    this.#kept = new Map(kept.map((row) => [this.#place(row.digest), row]));
    this.#awaitExpiry();
  }

  /**
   * Make a token. The answer has it; nothing else ever will.
   * @throws GatewayError `conflict`, `invalid_input` for a token that could be guessed
   */
  create(
    input: ParsedInputOf<typeof operations.createToken>,
  ): OutputOf<typeof operations.createToken> {
    const text = input.token ?? newTokenText();
    const fault = input.token === undefined ? undefined : tokenFault(text);
    if (fault !== undefined) throw unsuitable(fault);
    const digest = tokenDigest(text);
    this.#refuseDoubles(input.name, digest);
    const now = this.#clock.now();
    const row = this.#repo.insert({
      name: input.name,
      digest,
      botId: input.bot_id ?? null,
      createdAtMs: now,
      expiresAtMs: input.expires_in === undefined ? null : now + input.expires_in * 1000,
    });
    this.#kept.set(this.#place(digest), row);
    this.#awaitExpiry();
    return { ...describeToken(row, now), token: text };
  }

  /** All that there ever were, newest first. */
  list(): Token[] {
    const now = this.#clock.now();
    return this.#repo.list().map((row) => describeToken(row, now));
  }

  /** Whether there is one of this name that was not revoked. */
  has(name: string): boolean {
    return this.#repo.findByName(name) !== undefined;
  }

  /** @throws GatewayError `not_found` */
  revoke(name: string): Token {
    const now = this.#clock.now();
    const found = this.#repo.findByName(name);
    const row = found === undefined ? undefined : this.#repo.revoke(found.id, now);
    if (row === undefined) throw new GatewayError('not_found', 'There is no token of this name.');
    this.#kept.delete(this.#place(row.digest));
    this.#onEnd(row.id);
    return describeToken(row, now);
  }

  /** The token that this is, if it is one that counts. @param digest of what was sent */
  match(digest: Buffer): TokenRow | undefined {
    const found = this.#kept.get(this.#place(digest));
    if (found === undefined || !timingSafeEqual(found.digest, digest)) return undefined;
    return isExpired(found, this.#clock.now()) ? undefined : found;
  }

  /** One that counts, by its id. */
  find(id: number): TokenRow | undefined {
    const found = [...this.#kept.values()].find((row) => row.id === id);
    return found === undefined || isExpired(found, this.#clock.now()) ? undefined : found;
  }

  close(): void {
    this.#cancelTimer();
  }

  /**
   * Where a token is kept: nobody outside can foresee it, so the time that it takes to look there says nothing
   * of how near to a right one a wrong token is.
   */
  #place(digest: Buffer): string {
    return hash('sha256', Buffer.concat([this.#secret, digest]), 'base64');
  }

  #refuseDoubles(name: string, digest: Buffer): void {
    const says = (words: string): GatewayError => new GatewayError('conflict', words);
    if (this.#repo.findByName(name) !== undefined)
      throw says(
        `There is a token named ${name} already. Revoke it first, or choose another name.`,
      );
    if (this.#repo.hasDigest(digest)) throw says('This token was used before. Make a new one.');
  }

  /** What is open with a token is closed when it expires. */
  #awaitExpiry(): void {
    this.#cancelTimer();
    const now = this.#clock.now();
    const coming = [...this.#kept.values()].filter(
      (row) => row.expires_at_ms !== null && !isExpired(row, now),
    );
    const next = Math.min(...coming.map(({ expires_at_ms }) => expires_at_ms ?? Infinity));
    if (next === Infinity) return;
    this.#cancelTimer = this.#clock.after(Math.min(next - now, longestWaitMs), () => {
      const then = this.#clock.now();
      for (const row of coming) if (isExpired(row, then)) this.#onEnd(row.id);
      this.#awaitExpiry();
    });
  }
}

export const isExpired = ({ expires_at_ms }: TokenRow, now: number): boolean =>
  expires_at_ms !== null && expires_at_ms <= now;

const unsuitable = (fault: string): GatewayError =>
  new GatewayError('invalid_input', `The token ${fault}.`, {
    issues: [{ loc: ['body', 'token'], msg: fault, type: 'custom' }],
  });

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

function describeToken(row: TokenRow, now: number): Token {
  const ended = isExpired(row, now) ? 'expired' : 'active';
  return {
    id: row.id,
    name: row.name,
    bot_id: row.bot_id,
    state: row.revoked_at_ms === null ? ended : 'revoked',
    created_at: row.created_at_ms / 1000,
    expires_at: seconds(row.expires_at_ms),
    revoked_at: seconds(row.revoked_at_ms),
  };
}
