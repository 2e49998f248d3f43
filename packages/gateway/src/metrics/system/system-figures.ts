import { hostname, loadavg, uptime } from 'node:os';
import type { SystemFigures } from '@mini-claude-bot/contract';
import type { Systeminformation } from 'systeminformation';
import { cpuGroups, memoryGroups, type ReadFile } from '../../host/control-groups.ts';
import { diskFigures } from './disk-figures.ts';
import { round } from './round.ts';

/** What is asked of the machine. */
export interface Machine {
  readonly cpu: () => Promise<Pick<Systeminformation.CpuData, 'manufacturer' | 'brand' | 'cores'>>;
  readonly mem: () => Promise<Pick<Systeminformation.MemData, 'total' | 'available'>>;
  /** How long its processors have been busy, all of them together, in milliseconds. */
  readonly busyMs: () => number;
  readonly readFile: ReadFile;
}

/** What the collector works with. */
export interface SystemParts {
  readonly machine: Machine;
  /** The file system that it is on is told of. */
  readonly directory: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Lets some time pass, between two looks at the same counter. */
  readonly pause: (ms: number) => Promise<void>;
}

/** How long processors have been busy, at some time. */
interface CpuSample {
  readonly atMs: number;
  readonly busyMs: number;
  /** As many as may be used. */
  readonly cores: number;
}

const gigabyte = 2 ** 30;
/** The least time between two looks at what the processors do. */
const leastSpanMs = 250;

/** How the machine is; in a container, what is left to that. */
export class SystemCollector {
  readonly #parts: SystemParts;
  #cpuModel: Promise<{ name: string; cores: number }> | undefined;
  #sample: CpuSample | undefined;

  constructor(parts: SystemParts) {
    this.#parts = parts;
  }

  async collect(): Promise<SystemFigures> {
    const model = await this.#model();
    const [memory, cpu, disk] = await Promise.all([
      this.#memory(),
      this.#cpu(model.cores),
      diskFigures(this.#parts.directory),
    ]);
    const [one = 0, five = 0, fifteen = 0] = loadavg();
    return {
      hostname: hostname(),
      cpu: model.name,
      ...memory,
      ...cpu,
      load_avg: [one, five, fifteen].map((load) => round(load, 2)),
      ...disk,
      uptime: uptimeText(uptime()),
    };
  }

  /** It stays the same, and takes a process to find out. */
  #model(): Promise<{ name: string; cores: number }> {
    this.#cpuModel ??= this.#parts.machine.cpu().then(({ manufacturer, brand, cores }) => ({
      name: `${manufacturer} ${brand}`.trim() || 'unknown',
      cores: Math.max(1, cores),
    }));
    return this.#cpuModel;
  }

  async #memory() {
    const { mem, readFile } = this.#parts.machine;
    const [{ total, available }, groups] = await Promise.all([mem(), memoryGroups(readFile)]);
    // The tightest limit counts, whichever group has it.
    const limit = Math.min(total, ...groups.map((group) => group.limit));
    const left = groups.map((group) => Math.max(0, group.limit - group.used));
    const free = Math.min(available, limit, ...left);
    return {
      memory_total_gb: round(limit / gigabyte, 2),
      memory_used_gb: round((limit - free) / gigabyte, 2),
      memory_free_gb: round(free / gigabyte, 2),
    };
  }

  /** Since it was looked at last, or for the first time since a moment ago. */
  async #cpu(machineCores: number) {
    const { now, pause } = this.#parts;
    let before = this.#sample;
    if (before === undefined || now() - before.atMs < leastSpanMs) {
      before = await this.#takeSample(machineCores);
      await pause(leastSpanMs);
    }
    const after = await this.#takeSample(machineCores);
    this.#sample = after;
    const { cores } = after;
    const spanMs = after.atMs - before.atMs;
    const isSame = before.cores === cores && spanMs > 0;
    const busy = isSame ? ((after.busyMs - before.busyMs) / (spanMs * cores)) * 100 : 0;
    const percent = round(Math.min(100, Math.max(0, busy)), 1);
    return {
      cpu_usage_percent: percent,
      cpu_idle_percent: round(100 - percent, 1),
      cpu_cores: round(cores, 2),
    };
  }

  /** Of the tightest quota, or of the machine where that has less. */
  async #takeSample(machineCores: number): Promise<CpuSample> {
    const { machine, now } = this.#parts;
    const groups = await cpuGroups(machine.readFile);
    const tightest = groups.toSorted((a, b) => a.cores - b.cores)[0];
    if (tightest !== undefined && tightest.cores < machineCores) {
      return { atMs: now(), busyMs: tightest.usedMs, cores: tightest.cores };
    }
    return { atMs: now(), busyMs: machine.busyMs(), cores: machineCores };
  }
}

/** As `uptime` says it: "3 days, 4:05". @param seconds since the machine started */
export function uptimeText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const days = Math.floor(minutes / (24 * 60));
  const clock = `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`;
  if (days === 0) return clock;
  return `${days} ${days === 1 ? 'day' : 'days'}, ${clock}`;
}
