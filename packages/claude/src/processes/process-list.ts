import type { ProcessEntry } from './process-entry.ts';
import { readProc } from './read-proc.ts';
import { readPs } from './read-ps.ts';

/** All processes there are, with the markers of those whose environment may be read. */
export const listProcesses = (): Promise<ProcessEntry[]> =>
  process.platform === 'linux' ? readProc() : readPs();
