import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the reports are that come along: beside the program where it is bundled, else in the package. */
export function shippedReports(): string {
  const beside = join(import.meta.dirname, 'reports');
  if (existsSync(beside)) return beside;
  return join(dirname(createRequire(import.meta.url).resolve('mini-claude-bot')), '..', 'reports');
}
