import { residentMiB, waitedForCoreMs } from '../process-figures.ts';
import type { GatewayProbe, Stretch } from './gateway-probe.ts';

const sampleEveryMs = 1_000;
const quarters = 4;

/** A quarter of the run, by turns that ended. */
export interface Quarter extends Stretch {
  readonly seconds: number;
  /** Resident memory of the gateway, a sample a second, in MiB. */
  readonly residentMiB: readonly number[];
  /** How long its main thread was ready to run and had no core, in milliseconds. */
  readonly waitedForCoreMs: number;
}

/** Watches a gateway from outside while turns end, and closes each quarter of them with its figures. */
export class Watch {
  readonly quarters: Quarter[] = [];
  readonly #pid: number;
  readonly #probe: GatewayProbe;
  readonly #turns: number;
  readonly #say: (line: string) => void;
  #ended = 0;
  #since = performance.now();
  #waitedBefore = 0;
  #resident: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> = Promise.resolve();
  /** When a turn last ended (`performance.now()`). */
  lastEndAt = performance.now();

  constructor(pid: number, probe: GatewayProbe, turns: number, say: (line: string) => void) {
    this.#pid = pid;
    this.#probe = probe;
    this.#turns = turns;
    this.#say = say;
  }

  /** What was before this, such as the start, does not count. */
  async start(): Promise<void> {
    await this.#probe.ask();
    this.#waitedBefore = await waitedForCoreMs(this.#pid);
    this.#since = performance.now();
    this.#timer = setInterval(() => void this.#sample().catch(() => {}), sampleEveryMs);
  }

  turnEnded(): void {
    this.#ended += 1;
    this.lastEndAt = performance.now();
    if ((this.#ended * quarters) % this.#turns >= quarters) return;
    this.#closing = this.#closing.then(() => this.#closeQuarter());
    // Told by `stop`.
    this.#closing.catch(() => {});
  }

  /** @throws what went wrong while a quarter was closed */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#closing;
  }

  async #sample(): Promise<void> {
    this.#resident.push(await residentMiB(this.#pid));
  }

  async #closeQuarter(): Promise<void> {
    const stretch = await this.#probe.ask();
    const now = performance.now();
    const waited = await waitedForCoreMs(this.#pid);
    this.quarters.push({
      ...stretch,
      seconds: (now - this.#since) / 1000,
      residentMiB: this.#resident,
      waitedForCoreMs: waited - this.#waitedBefore,
    });
    this.#say(inShort(this.quarters.length, stretch));
    this.#since = now;
    this.#waitedBefore = waited;
    this.#resident = [];
  }
}

const inShort = (number: number, { blocked, heldBytes }: Stretch): string =>
  `  quarter ${number}: event loop blocked p99.9 ${blocked.p999.toFixed(1)} ms, ` +
  `${(heldBytes / 2 ** 20).toFixed(1)} MiB held`;
