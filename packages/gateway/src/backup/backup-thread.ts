import { Worker } from 'node:worker_threads';
import { workerFile } from '../host/worker-file.ts';
import { BackupError } from './backup-error.ts';
import type { BackupOrder, MadeBackup } from './make-backup.ts';

/** What the thread says at its end. */
export type BackupAnswer =
  | { readonly kind: 'made'; readonly backup: MadeBackup }
  | { readonly kind: 'fault'; readonly words: string; readonly foreseen: boolean };

/**
 * Make a backup on a thread of its own: copying and packing keep no turn waiting.
 * @param signal ends it; what it has written so far is left to be removed
 * @throws BackupError
 */
export async function backUpAside(order: BackupOrder, signal: AbortSignal): Promise<MadeBackup> {
  const worker = new Worker(workerFile('backup-worker.js'), { workerData: order, env: {} });
  const end = (): void => void worker.terminate();
  signal.addEventListener('abort', end);
  try {
    const answer = await new Promise<BackupAnswer>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.once('exit', () =>
        reject(new BackupError('The backup was ended before it was whole.')),
      );
    });
    if (answer.kind === 'made') return answer.backup;
    throw answer.foreseen ? new BackupError(answer.words) : new Error(answer.words);
  } finally {
    signal.removeEventListener('abort', end);
    await worker.terminate();
  }
}
