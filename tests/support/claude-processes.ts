import { readFile } from 'node:fs/promises';
import { listProcesses } from '@mini-claude-bot/claude';

/** Processes of Claude, and what they started, of the gateway with that home directory. */
export async function markedProcesses(home: string): Promise<number[]> {
  const found: number[] = [];
  for (const { pid, marker } of await listProcesses()) {
    if (marker === undefined) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`HOME=${home}\0`)) found.push(pid);
  }
  return found;
}
