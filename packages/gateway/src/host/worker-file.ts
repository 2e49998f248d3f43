import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The bundle of a thread lies beside the program's own; where sources are run, in the package. */
export function workerFile(name: string): string {
  const beside = join(import.meta.dirname, name);
  if (existsSync(beside)) return beside;
  const source = createRequire(import.meta.url).resolve('mini-claude-bot');
  return join(dirname(source), '..', 'dist', name);
}
