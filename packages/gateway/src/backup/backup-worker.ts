import { parentPort, workerData } from 'node:worker_threads';
import { BackupError } from './backup-error.ts';
import type { BackupAnswer } from './backup-thread.ts';
import { type BackupOrder, makeBackup } from './make-backup.ts';

const say = (answer: BackupAnswer): void => parentPort?.postMessage(answer);

try {
  // The gateway's own words: nothing comes in here from outside.
  say({ kind: 'made', backup: await makeBackup(workerData as BackupOrder) });
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  say({ kind: 'fault', words, foreseen: error instanceof BackupError });
}
