import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What a run was made on: figures of other machines are other figures. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly claude: string;
  /** One-minute load average before the run: over 0.5 or so, somebody else was at work. */
  readonly loadBefore: number;
}

/** @param claude version of the Claude CLI */
export const describeMachine = (claude: string): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()} ${arch()}`,
  node: process.version,
  claude,
  loadBefore: loadavg()[0] ?? 0,
});
