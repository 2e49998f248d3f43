import { setTimeout as sleep } from 'node:timers/promises';
import { residentMiB, untilQuiet } from '../process-figures.ts';
import type { BenchPlace } from './bench-place.ts';

/** How a gateway starts, and what it holds with nothing to do. */
export interface ServerFigures {
  /** From the start of the process to the first answer of `/api/health`. */
  readonly startMs: readonly number[];
  /** Resident memory some seconds later. */
  readonly idleMiB: readonly number[];
}

const settleMs = 5_000;

/** @param settled how many of the starts are followed until the memory has settled */
export async function serverFigures(
  place: BenchPlace,
  starts: number,
  settled: number,
): Promise<ServerFigures> {
  const startMs: number[] = [];
  const idleMiB: number[] = [];
  for (let n = 0; n < starts; n += 1) {
    await untilQuiet();
    const gateway = await place.gateway();
    startMs.push(gateway.startMs);
    if (n >= starts - settled) {
      await sleep(settleMs);
      idleMiB.push(await residentMiB(gateway.pid));
    }
    await gateway.stop();
  }
  return { startMs, idleMiB };
}
