import type { HealthFinding } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { WatchedProbe } from './health-finding.ts';

/** How often everything is looked at, in milliseconds. */
export const lookEveryMs = 15_000;

interface Suspicion {
  readonly watched: WatchedProbe;
  finding: HealthFinding | undefined;
  /** How often in a row something was found. */
  times: number;
}

/** Looks in the background at what can go wrong, so that who asks gets the answer at once, however often. */
export class HealthWatch {
  readonly #suspicions: readonly Suspicion[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  #findings: readonly HealthFinding[] = [];
  #cancel = (): void => {};
  #closed = false;

  constructor(probes: readonly WatchedProbe[], clock: Clock, logger: Logger) {
    this.#suspicions = probes.map((watched) => ({ watched, finding: undefined, times: 0 }));
    this.#clock = clock;
    this.#logger = logger;
  }

  /** What is wrong, as it was seen last. */
  get findings(): readonly HealthFinding[] {
    return this.#findings;
  }

  start(): void {
    this.#lookLater();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  /** Look at everything now. */
  async look(): Promise<void> {
    await Promise.all(this.#suspicions.map((suspicion) => this.#examine(suspicion)));
    if (this.#closed) return;
    const found = this.#suspicions.flatMap(({ finding, times, watched }) =>
      finding !== undefined && times >= watched.patience ? [finding] : [],
    );
    this.#tellChanges(found);
    this.#findings = found;
  }

  async #examine(suspicion: Suspicion): Promise<void> {
    try {
      suspicion.finding = await suspicion.watched.probe();
    } catch (error) {
      // A probe that fails tells nothing of what it should look at.
      this.#logger.error({ err: error }, 'the gateway could not look after itself');
      suspicion.finding = undefined;
    }
    suspicion.times = suspicion.finding === undefined ? 0 : suspicion.times + 1;
  }

  /** Once in the log, however long it lasts. */
  #tellChanges(found: readonly HealthFinding[]): void {
    const known = new Set(this.#findings.map(({ id }) => id));
    const present = new Set(found.map(({ id }) => id));
    for (const finding of found)
      if (!known.has(finding.id)) this.#logger.error({ ...finding }, 'the gateway is in trouble');
    for (const { id } of this.#findings)
      if (!present.has(id)) this.#logger.info({ id }, 'that trouble is over');
  }

  #lookLater(): void {
    if (this.#closed) return;
    this.#cancel = this.#clock.after(lookEveryMs, () => {
      void this.look().finally(() => this.#lookLater());
    });
  }
}
