import { readFile } from 'node:fs/promises';
import { listProcesses } from '@mini-claude-bot/claude';
import type { LeftProcess } from './evidence.ts';
import { generationSetting } from './gateway-under-test.ts';

interface MarkedProcess {
  readonly pid: number;
  readonly generation: number;
  readonly command: string;
}

const generationPattern = new RegExp(`${generationSetting(0).slice(0, -1)}(\\d+)`);

/**
 * Claude's processes and what they started, of the gateways with that home. Found in `/proc`: on other
 * systems there is none.
 */
export async function markedProcessesOf(home: string): Promise<MarkedProcess[]> {
  const found: MarkedProcess[] = [];
  for (const { pid, marker } of await listProcesses()) {
    if (marker === undefined) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`HOME=${home}`)) continue;
    const generation = Number(generationPattern.exec(environment)?.[1] ?? -1);
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    found.push({ pid, generation, command: command.split('\0').slice(0, 6).join(' ') });
  }
  return found;
}

/** Those of starts before that one: there may be none once that one serves. */
export async function processesBefore(
  home: string,
  generation: number,
  when: string,
): Promise<LeftProcess[]> {
  const marked = await markedProcessesOf(home);
  return marked
    .filter((process) => process.generation < generation)
    .map((process) => ({ ...process, when }));
}
