/** A backup can't be made, or not be restored. The message says why, and what to do; nothing was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
