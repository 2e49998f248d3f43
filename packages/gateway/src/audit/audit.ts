import { type Audited, GatewayError } from '@mini-claude-bot/contract';
import { RateLimit } from '../access/rate-limit.ts';
import { isUnwritable } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { AuditRepo, EntryFilter, EntryRow } from './audit-repo.ts';

/** Something that can do harm: who does it, from where, and to what. */
export interface Deed {
  /** A token's name, `loopback`, or a part of the gateway, such as `gateway:cron`: no token has a colon. */
  readonly caller: string;
  /** Undefined: not over the network. */
  readonly address?: string | undefined;
  /** The contract's name for it where it has one. */
  readonly operation: string;
  readonly kind: Audited;
  readonly botId?: string | undefined;
  /** Ids of what it is done to, by name. No words of people, no secrets. */
  readonly about?: Readonly<Record<string, string>>;
}

/** What the audit is made from. */
export interface AuditParts {
  readonly repo: AuditRepo;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: KnownSecrets;
}

/** Ids come from outside, and may be as long as an address. */
const longest = 255;

/** Refusals of one caller that are entered in a minute: who only tries must not be able to fill the disk. */
const refusalsPerMinute = 60;

/**
 * Who did what. Nothing that is to be told here happens untold: the entry is written first, and where
 * that fails, as on a full disk, the deed is refused.
 */
export class Audit {
  readonly #parts: AuditParts;
  readonly #refusals: RateLimit;
  /** Refusals that were not entered, by caller. */
  readonly #left = new Map<string, number>();

  constructor(parts: AuditParts) {
    this.#parts = parts;
    this.#refusals = new RateLimit(refusalsPerMinute, parts.clock);
  }

  /**
   * To be called before the deed, or in the transaction that is the deed.
   * @returns the entry's id, for {@link end}
   * @throws SQLite's error when it can't be written: the deed must not be done then
   */
  begin({ caller, address, operation, kind, botId, about = {} }: Deed): number {
    const { repo, clock } = this.#parts;
    const ids = Object.entries(about).map(([name, id]) => [name, this.#plain(id)]);
    return repo.add({
      atMs: clock.now(),
      caller: this.#plain(caller),
      address: address ?? null,
      operation,
      kind,
      botId: botId === undefined ? null : this.#plain(botId),
      about: JSON.stringify(Object.fromEntries(ids)),
    });
  }

  /** The deed is done: what can't be written any more is told in the log, and the entry has no outcome. */
  end(id: number, error?: unknown): void {
    const { repo, clock, logger } = this.#parts;
    const outcome = error === undefined ? 'done' : codeOf(error);
    try {
      repo.addOutcome(id, clock.now(), outcome);
    } catch (fault) {
      logger.error(
        { err: fault, audit: id, outcome },
        'the outcome of an audited deed is not stored',
      );
    }
  }

  /** Do it, told before and after. */
  async run<T>(deed: Deed, act: () => T | Promise<T>): Promise<T> {
    const id = this.begin(deed);
    try {
      const done = await act();
      this.end(id);
      return done;
    } catch (error) {
      this.end(id, error);
      throw error;
    }
  }

  /**
   * Somebody tried what they may not do. Nothing was done, so that nothing depends on its being written: of
   * very many the audit tells only how many they were.
   */
  noteRefused(deed: Deed, error: unknown): void {
    const { caller } = deed;
    const left = this.#left.get(caller) ?? 0;
    if (this.#refusals.take(caller) > 0) return void this.#left.set(caller, left + 1);
    this.#left.delete(caller);
    const about = left === 0 ? deed.about : { ...deed.about, not_entered: String(left) };
    try {
      this.end(this.begin({ ...deed, ...(about && { about }) }), error);
    } catch (fault) {
      this.#parts.logger.error({ err: fault, ...deed }, 'a refused deed is not in the audit');
    }
  }

  /** Newest first. */
  list(filter: EntryFilter): EntryRow[] {
    return this.#parts.repo.list(filter);
  }

  #plain(text: string): string {
    return this.#parts.secrets.hide(text).slice(0, longest);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof GatewayError) return error.code;
  return isUnwritable(error) ? 'database_unavailable' : 'internal';
}
