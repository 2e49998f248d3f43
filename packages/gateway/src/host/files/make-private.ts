import { closeSync, constants, fchmodSync, openSync } from 'node:fs';

/** Make a file, where it is missing, that is for its owner alone; one that is there becomes so. */
export function makePrivate(path: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
  try {
    fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}
