import { randomBytes } from 'node:crypto';
import type { Clock } from '../host/clock.ts';
import type { Caller } from '../http/caller.ts';
import { tokenDigest } from './token-text.ts';

/** How long the code of a link counts, in milliseconds. */
const linkMs = 5 * 60_000;
/** Links that nobody has used yet. Over that, the oldest count no more. */
const most = 20;

interface Made {
  /** Undefined: by the owner on this machine. */
  readonly tokenId: number | undefined;
  readonly expiresAtMs: number;
}

/** Codes that sign a browser in once. They are in memory alone: a restart makes them void. */
export class SignInLinks {
  readonly #clock: Clock;
  /** By the digest of the code. */
  readonly #made = new Map<string, Made>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** With the rights of whoever makes it. */
  make({ tokenId }: Caller): { readonly code: string; readonly expiresAtMs: number } {
    const code = randomBytes(32).toString('base64url');
    const expiresAtMs = this.#clock.now() + linkMs;
    this.#made.set(nameOf(code), { tokenId, expiresAtMs });
    const [oldest] = this.#made.keys();
    if (this.#made.size > most && oldest !== undefined) this.#made.delete(oldest);
    return { code, expiresAtMs };
  }

  /** What a code is for; it counts no more afterwards. Undefined: it does not count. */
  take(code: string): Pick<Made, 'tokenId'> | undefined {
    const name = nameOf(code);
    const found = this.#made.get(name);
    this.#made.delete(name);
    return found !== undefined && found.expiresAtMs > this.#clock.now() ? found : undefined;
  }
}

const nameOf = (code: string): string => tokenDigest(code).toString('base64');
